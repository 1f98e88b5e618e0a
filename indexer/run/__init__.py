"""The steps of a run, in the order in which pipeline.py calls them.

`plan` finds what to do, `describing` (on a cluster `cluster`, whose machines run `cluster_worker`)
describes photos, `settling` writes where they lie, `leaving_out` how many files were left out,
`linking` computes their neighbours, which `stored_lists` holds in a compact form.
"""
