"""The pytest plugin, in runs of pytest of its own: fixtures, markers, options, reports, xdist."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.tools import python_path

ROOT = Path(__file__).parents[2]
PLUGIN = "lifecycle.testing.plugin"


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """Runs pytest as users do, with the plugin of this tree and every warning an error."""
    monkeypatch.setenv("PYTHONPATH", python_path())
    # What other plugins are installed is no matter, and takes its time to load.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.plugins = [PLUGIN]
    pytester.makepyprojecttoml(
        """
        [tool.pytest.ini_options]
        addopts = ["--strict-markers", "--strict-config", "-p", "no:cacheprovider"]
        filterwarnings = ["error"]
        """
    )
    return pytester


def test_pytest_finds_the_plugin_by_the_entry_point_of_the_package() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert pyproject["project"]["entry-points"]["pytest11"] == {"lifecycle": PLUGIN}


def test_a_run_that_asks_for_nothing_imports_nothing(run: pytest.Pytester) -> None:
    run.makepyfile(
        """
        import sys

        def test_nothing_is_imported():
            loaded = {name for name in sys.modules if name.startswith(("lifecycle", "transitions"))}
            assert loaded == {"lifecycle", "lifecycle.testing", "lifecycle.testing.plugin"}
        """
    )
    run.runpytest_subprocess().assert_outcomes(passed=1)


TESTS = """
    import os
    from pathlib import Path

    import pytest

    from lifecycle.testing import ClientRefused, XmlRpcClient

    NEW = 'NAME="new" TYPE="DATABLOCK" SIZE="1"'

    @pytest.mark.parametrize("_", range(4))
    def test_each_test_has_a_cloud_of_its_own(cloud, _):
        assert cloud.image.allocate(NEW, 1) == 0
        assert cloud.images[0].state.name == "READY"

    @pytest.fixture
    def unrelated():
        return os.environ.get("ONE_XMLRPC")

    def test_the_endpoint_answers_for_the_same_cloud(unrelated, opennebula, cloud):
        assert opennebula.cloud is cloud
        with XmlRpcClient(opennebula.endpoint, opennebula.session) as client:
            assert client.allocate(NEW, 1) == 0
        assert cloud.images[0].name == "new"
        assert unrelated is None
        assert os.environ["ONE_XMLRPC"] == os.environ["ONE_URL"] == opennebula.endpoint
        assert Path(os.environ["ONE_AUTH"]).read_text() == "oneadmin:opennebula\\n"

    def test_the_environment_is_as_before_when_a_test_has_ended():
        assert "ONE_XMLRPC" not in os.environ
        assert "ONE_AUTH" not in os.environ

    @pytest.mark.opennebula(answers="hold", seed=3)
    def test_settings_of_the_cloud(cloud):
        cloud.image.allocate(NEW, 1)
        assert cloud.images[0].state.name == "LOCKED"
        cloud.complete("MKFS", 0)
        assert cloud.images[0].state.name == "READY"

    @pytest.mark.opennebula(situation={"images": [{"id": 7, "state": "USED"}]})
    def test_a_situation_to_begin_with(cloud):
        assert cloud.images[7].state.name == "USED"

    @pytest.mark.opennebula(delay=30)
    @pytest.mark.opennebula_plan("failure", "MKFS", name="no*")
    class TestPlans:
        def test_of_the_class(self, cloud):
            cloud.image.allocate('NAME="none" TYPE="DATABLOCK" SIZE="1"', 1)
            cloud.image.allocate(NEW, 1)
            cloud.advance(30)
            assert [one.state.name for one in cloud.images] == ["ERROR", "READY"]

        @pytest.mark.opennebula_plan("hold", "MKFS", name="none")
        @pytest.mark.opennebula_plan("success", "MKFS", name="non*")
        def test_of_the_function_first_and_from_the_top_down(self, cloud):
            for name in ("none", "nonsense", "no"):
                cloud.image.allocate(f'NAME="{name}" TYPE="DATABLOCK" SIZE="1"', 1)
            assert [one.state.name for one in cloud.images] == ["LOCKED", "READY", "ERROR"]

    @pytest.mark.opennebula_fault("one.image.info", error="INTERNAL", text="later", count=1)
    def test_a_fault_of_a_call(opennebula):
        with XmlRpcClient(opennebula.endpoint, opennebula.session) as client:
            client.allocate(NEW, 1)
            with pytest.raises(ClientRefused, match="later"):
                client.info(0)
            assert client.info(0).name == "new"

    class TestOwnCloud:
        @pytest.fixture
        def cloud(self):
            return "something of the user's own"

        def test_a_fixture_of_the_same_name_is_no_harm(self, cloud, opennebula):
            assert cloud == "something of the user's own"
            assert opennebula.cloud.images.ids() == []
    """


@pytest.mark.parametrize("arguments", [(), ("-p", "xdist", "-n", "2")], ids=["alone", "xdist"])
def test_fixtures_and_markers(run: pytest.Pytester, arguments: tuple[str, ...]) -> None:
    run.makepyfile(TESTS)
    run.runpytest_subprocess(*arguments).assert_outcomes(passed=12)


FAILS = """
    import pytest

    @pytest.mark.opennebula(answers="hold")
    @pytest.mark.opennebula_plan("failure", "MKFS", name="bad", payload="no space left")
    def test_fails(opennebula):
        for name in ("bad", "open"):
            opennebula.cloud.image.allocate(f'NAME="{name}" TYPE="DATABLOCK" SIZE="1"', 1)
        assert opennebula.cloud.images[0].state.name == "READY"

    def test_fails_without_a_cloud():
        assert False
    """


@pytest.mark.parametrize("arguments", [(), ("-p", "xdist", "-n", "1")], ids=["alone", "xdist"])
def test_a_failing_test_shows_what_happened(
    run: pytest.Pytester, arguments: tuple[str, ...]
) -> None:
    run.makepyfile(FAILS)
    result = run.runpytest_subprocess(*arguments)
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        [
            "*- OpenNebula -*",
            "00:00:00   image 0 INIT ? LOCKED (allocate)",
            "00:00:00   ds is asked: MKFS of image 0",
            "00:00:00 one.image.allocate('NAME=\"bad\"*', 1) by user 0: 0",
            "00:00:00   ds answers: MKFS of image 0, failure, 'no space left'",
            "00:00:00   image 0 LOCKED ? ERROR (mkfs_failure)",
            "open     ds MKFS of image 1 since 00:00:00",
            "now      image 0 'bad' is ERROR",
            "now      image 1 'open' is LOCKED",
        ]
    )
    assert result.stdout.str().count("- OpenNebula -") == 1


def test_the_journal_of_a_report_can_be_shorter_or_left_out(run: pytest.Pytester) -> None:
    run.makepyfile(FAILS)
    short = run.runpytest_subprocess("-o", "opennebula_journal=1").stdout.str()
    assert "earlier entries are left out)" in short
    assert "ds is asked: MKFS of image 0" not in short
    none = run.runpytest_subprocess("-o", "opennebula_journal=0").stdout.str()
    assert "- OpenNebula -" not in none


@pytest.mark.parametrize(
    ("option", "problem"),
    [
        ("opennebula_answers=maybe", "'maybe' is none of success, failure, hold"),
        ("opennebula_delay=soon", "must be a number, not 'soon'"),
        ("opennebula_journal=-1", "must be 0 or more, not -1"),
    ],
)
def test_an_option_that_cannot_be_meant_ends_the_run_in_one_line(
    run: pytest.Pytester, option: str, problem: str
) -> None:
    result = run.runpytest_subprocess("-o", option)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert [line for line in result.stderr.lines if line] == [
        f"ERROR: {option.partition('=')[0]}: {problem}"
    ]


def test_options_set_how_all_clouds_begin(run: pytest.Pytester) -> None:
    run.makepyfile(
        """
        import pytest

        def test_options(cloud):
            cloud.image.allocate('NAME="a" TYPE="DATABLOCK" SIZE="1"', 1)
            cloud.advance(9)
            assert cloud.images[0].state.name == "LOCKED"
            cloud.advance(1)
            assert cloud.images[0].state.name == "ERROR"

        @pytest.mark.opennebula(delay=0)
        def test_a_marker_is_nearer(cloud):
            cloud.image.allocate('NAME="a" TYPE="DATABLOCK" SIZE="1"', 1)
            assert cloud.images[0].state.name == "ERROR"
        """
    )
    options = ("-o", "opennebula_answers=failure", "-o", "opennebula_delay=10")
    run.runpytest_subprocess(*options).assert_outcomes(passed=2)


def test_a_marker_that_cannot_be_meant_is_an_error_in_one_line(run: pytest.Pytester) -> None:
    run.makepyfile(
        """
        import pytest

        @pytest.mark.opennebula(answer="hold")
        def test_setting(cloud): ...

        @pytest.mark.opennebula("hold")
        def test_unnamed(cloud): ...

        @pytest.mark.opennebula(situation={"imagos": []})
        def test_situation(cloud): ...

        @pytest.mark.opennebula_plan("maybe")
        def test_outcome(cloud): ...

        @pytest.mark.opennebula_plan("success", when="never")
        def test_field(cloud): ...

        @pytest.mark.opennebula_fault(drop=True, status=500)
        def test_fault(opennebula): ...
        """
    )
    result = run.runpytest_subprocess()
    result.assert_outcomes(errors=6)
    result.stdout.fnmatch_lines(
        [
            "@pytest.mark.opennebula: there is no setting 'answer', only answers, delay, *",
            "@pytest.mark.opennebula: give its settings by name",
            "@pytest.mark.opennebula: *imagos*",
            "@pytest.mark.opennebula_plan: outcome: 'maybe' is none of success, failure, hold",
            "@pytest.mark.opennebula_plan: *'when'",
            "@pytest.mark.opennebula_fault: drop: cannot stand beside status: *",
        ]
    )
    assert "Traceback" not in result.stdout.str()


def test_fixtures_and_markers_tell_what_they_are(run: pytest.Pytester) -> None:
    told = run.runpytest_subprocess("--markers").stdout.str()
    assert "@pytest.mark.opennebula(answers='success'" in told
    told = run.runpytest_subprocess("--fixtures").stdout.str()
    assert "A fresh simulated OpenNebula, of this test alone." in told
