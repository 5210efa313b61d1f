# SPDX-License-Identifier: MIT
"""The program behind bench/run: builds, measures and reports. Standard library only."""
