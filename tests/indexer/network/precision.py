"""How exactly a runtime computes on this processor."""

from indexer.network import engines


def is_coarse(engine: str) -> bool:
    """Say whether a runtime computes in bfloat16 here: as fast processors do, and coarser."""
    if engine != "openvino" or not engines.installed(engine):
        return False
    from indexer.network.quiet_imports import load_openvino

    return "BF16" in load_openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
