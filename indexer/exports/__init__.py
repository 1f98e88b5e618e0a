"""What works without a library: labels, features, distances and copied files.

These write what the scripts of the original system wrote.
"""
