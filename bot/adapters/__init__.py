"""One file a platform: translate, nothing else."""
