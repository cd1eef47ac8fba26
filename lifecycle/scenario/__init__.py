"""Stories of a cloud: written in YAML, played in virtual time, told as a timeline.

A scenario is read by :mod:`lifecycle.scenario.format`, played by
:mod:`lifecycle.scenario.run`, and told by :mod:`lifecycle.scenario.timeline`.
"""
