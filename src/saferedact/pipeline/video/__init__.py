"""Video: look adaptively, track, hide on the planes, prove frame by frame."""
