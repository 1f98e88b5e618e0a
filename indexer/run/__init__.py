"""The steps that pipeline.py calls, in its order: plan, settling, linking."""
