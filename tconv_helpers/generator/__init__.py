"""A generator made of transposed convolutions: images, upsamplers, models, training, metrics."""
