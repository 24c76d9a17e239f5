"""Pictures of frames: every `plot_` draws what it is given and computes nothing."""
