"""The pytest plugin: a cloud for each test, and what happened in it when the test fails.

pytest loads it wherever the package is installed; nothing of the simulator is
imported before a test asks for one of the fixtures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from lifecycle.cloud.cloud import Cloud
    from lifecycle.testing.opennebula import OpenNebula
    from lifecycle.testing.settings import Settings

_SETTINGS = "opennebula"
_PLAN = "opennebula_plan"
_FAULT = "opennebula_fault"

_MARKERS = {
    f"{_SETTINGS}(answers='success', delay=0, speed=0, seed=0, capacity_check=False,"
    " situation=None)": "how the cloud of a test begins and how its drivers answer.",
    f"{_PLAN}(outcome, action='*', *, role=None, id=None, name='*', payload=None, delay=0,"
    " skip=0, count=None, probability=1.0)": "how drivers answer requests that match; the"
    " topmost that matches decides, those of the function before those of its class.",
    f"{_FAULT}(method='*', *, error=None, fault=None, status=None, drop=False, cut=None,"
    " delay=0, text=..., user='*', id=None, made=False, skip=0, count=None, probability=1.0,"
    " seed=0)": "how calls fail that the cloud would answer; in the order of the plans.",
}

_OPTIONS: dict[str, tuple[type, str]] = {
    "answers": (str, "how datastores answer where no plan says: success, failure or hold"),
    "delay": (float, "seconds of the cloud's clock until they answer"),
    "speed": (float, "seconds of the cloud's clock in a real one; 0: it stands still"),
    "seed": (int, "seed of the random numbers of plans"),
}
"""The settings that may stand in the configuration, as ``opennebula_answers`` and so on."""

_JOURNAL = "opennebula_journal"
_MOST_LINES = 200

_configured = pytest.StashKey["dict[str, Any]"]()
_lines = pytest.StashKey[int]()
_cloud_of = pytest.StashKey["Cloud"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say what may stand in pytest's configuration."""
    for name, (kind, what) in _OPTIONS.items():
        parser.addini(f"{_SETTINGS}_{name}", f"{what} ({kind.__name__})")
    parser.addini(
        _JOURNAL,
        f"how many lines of the journal a failing test shows, 0 for none ({_MOST_LINES})",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers, and refuse a configuration that can never be meant."""
    for marker, what in _MARKERS.items():
        config.addinivalue_line("markers", f"{marker}: {what}")
    given: dict[str, Any] = {
        name: _read(config, f"{_SETTINGS}_{name}", kind)
        for name, (kind, _) in _OPTIONS.items()
        if config.getini(f"{_SETTINGS}_{name}")
    }
    if given:
        _checked(given)
    config.stash[_configured] = given
    lines = _read(config, _JOURNAL, int) if config.getini(_JOURNAL) else _MOST_LINES
    if lines < 0:
        raise pytest.UsageError(f"{_JOURNAL}: must be 0 or more, not {lines}")
    config.stash[_lines] = lines


def _read(config: pytest.Config, option: str, kind: type) -> Any:
    text = str(config.getini(option)).strip()
    try:
        return kind(text)
    except ValueError:
        word = {int: "a whole number", float: "a number"}[kind]
        raise pytest.UsageError(f"{option}: must be {word}, not {text!r}") from None


def _checked(given: dict[str, Any]) -> None:
    from lifecycle.refusal import InputError  # noqa: PLC0415 - only when there is something to check
    from lifecycle.testing.settings import Settings  # noqa: PLC0415 - as above

    try:
        Settings.of(given)
    except InputError as error:
        raise pytest.UsageError(f"{_SETTINGS}_{error}") from None


def _marks(item: pytest.Item, name: str) -> Iterator[pytest.Mark]:
    """Give the marks of a test, those of the function first, each from the top down."""
    for node in reversed(item.listchain()):
        yield from (mark for mark in reversed(node.own_markers) if mark.name == name)


def _settings(item: pytest.Item) -> Settings:
    from lifecycle.refusal import InputError  # noqa: PLC0415 - only when a cloud is made
    from lifecycle.testing.settings import Settings  # noqa: PLC0415 - as above

    configured: dict[str, Any] = item.config.stash[_configured]
    given = dict(configured)
    for mark in reversed(list(_marks(item, _SETTINGS))):
        if mark.args:
            raise InputError("give its settings by name")
        given.update(mark.kwargs)
    return Settings.of(given)


def _made(item: pytest.Item) -> Cloud:
    from lifecycle.refusal import InputError  # noqa: PLC0415 - only when a cloud is made

    name = _SETTINGS
    try:
        cloud = _settings(item).cloud()
        name = _PLAN
        for mark in _marks(item, _PLAN):
            cloud.plan(*mark.args, **mark.kwargs)
    except (InputError, TypeError) as error:
        _fail(name, error)
    return cloud


def _fail(marker: str, error: Exception) -> NoReturn:
    raise pytest.fail.Exception(f"@pytest.mark.{marker}: {error}", pytrace=False) from None


@pytest.fixture
def _cloud_of_test(request: pytest.FixtureRequest) -> Cloud:
    """Give the cloud that all fixtures of a test share, whatever else is called ``cloud``."""
    item = request.node
    cloud = item.stash[_cloud_of] = _made(item)
    return cloud


@pytest.fixture
def cloud(_cloud_of_test: Cloud) -> Cloud:
    """A fresh simulated OpenNebula, of this test alone.

    Its datastores answer at once and well. ``@pytest.mark.opennebula_plan``
    says what fails, ``@pytest.mark.opennebula(answers="hold")`` leaves every
    request open until the test calls ``cloud.complete`` or ``cloud.fail``.
    """
    return _cloud_of_test


@pytest.fixture
def opennebula(request: pytest.FixtureRequest, _cloud_of_test: Cloud) -> Iterator[OpenNebula]:
    """The cloud of this test behind an endpoint of its own, and oneadmin's credentials.

    The environment names it for as long as the test runs: ONE_XMLRPC, ONE_AUTH
    and the variables of Ansible's modules and of the Terraform provider.
    """
    from lifecycle.refusal import InputError  # noqa: PLC0415 - only when it is used
    from lifecycle.testing.opennebula import OpenNebula  # noqa: PLC0415 - as above

    item = request.node
    with OpenNebula(_settings(item), cloud=_cloud_of_test) as running:
        try:
            for mark in _marks(item, _FAULT):
                running.fault(*mark.args, **mark.kwargs)
        except (InputError, TypeError) as error:
            _fail(_FAULT, error)
        yield running


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Attach to the report of a failing test what happened in its cloud."""
    report = yield
    cloud = item.stash.get(_cloud_of, None)
    lines = item.config.stash[_lines]
    if report.failed and cloud is not None and lines:
        from lifecycle.testing.report import told  # noqa: PLC0415 - only when a test fails

        report.sections.append(("OpenNebula", told(cloud, lines)))
    return report
