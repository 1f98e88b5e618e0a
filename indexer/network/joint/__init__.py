"""Networks of two towers, CLIP and its family: one reads pictures, one reads texts.

Both answer in one space, where a picture lies near to texts that describe it (Radford et al. 2021,
arXiv 2103.00020). A folder holds both towers as ONNX graphs; `indexer.network.layouts` reads it.
"""
