"""What approximate neighbour indexes share.

`index` follows the store, by a `view` of the photos there are now; `base` is what was built from
those of one time: a `projection` into fewer dimensions and, over its points, a `finder`.
`grouped_lists` computes whole neighbour lists of large libraries.
"""
