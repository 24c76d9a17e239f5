"""What holds for every test."""

from hypothesis import settings

# A busy machine is no fault of the code: how long an example takes is measured in benchmarks, never asserted here.
settings.register_profile("lsb", deadline=None)
settings.load_profile("lsb")
