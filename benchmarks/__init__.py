"""What things cost: ``python -m benchmarks [--quick] [NAME …]``.

Every module of this package that has a function ``run(quick: bool) ->
list[Result]`` is a benchmark by the module's name; to add one, add a module.
:mod:`benchmarks.measure` has what it takes to measure, and :class:`Result`,
a line of the table. Speed is never a failure: a bar that is missed is printed,
and the exit code stays 0.
"""
