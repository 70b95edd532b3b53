# Land Carbon Toolbox: starts the real QGIS on a display of its own, with a private profile and a script to run.
# SPDX-License-Identifier: GPL-2.0-or-later
import json
import os
import pathlib
import shutil
import signal
import subprocess

SETTINGS = """[PythonPlugins]
landcarbon=true
processing=true

[qgis]
checkVersion=false
showTips=false
hideBrowser=true
newsFeed\\enabled=false
iconSize=24

[app]
projections\\defaultBehavior=useProject

[locale]
overrideFlag=true
userLocale=en_US

[Processing]
Configuration\\KEEP_DIALOG_OPEN=true
"""


def missing():
    """The programs that are needed and not installed."""
    return [program for program in ("qgis", "xvfb-run", "Xvfb", "xauth") if not shutil.which(program)]


def start_qgis(script, home, plugins, task, seconds, screen="1600x1300x24"):
    """Runs QGIS until `script` ends it. `task` is handed over in LANDCARBON_TASK as JSON. Returns what QGIS printed."""
    home = pathlib.Path(home)
    settings = home / "profiles" / "default" / "QGIS" / "QGIS3.ini"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(SETTINGS, encoding="utf-8")
    home.chmod(0o700)
    environment = dict(os.environ, QGIS_PLUGINPATH=str(plugins), LANDCARBON_TASK=json.dumps(task),
                       PYTHONDONTWRITEBYTECODE="1", QT_LOGGING_RULES="*.debug=false")
    # The Python of QGIS, not of a version manager that started this.
    environment["PATH"] = "/usr/bin:/bin:" + environment.get("PATH", "")
    for folder in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
        environment[folder] = str(home)
    # QGIS marks layers of this folder as temporary ones; what a run leaves there goes with the folder. Not for xvfb-run,
    # which takes no blanks in TMPDIR.
    (home / "tmp").mkdir(exist_ok=True)
    for name in ("QT_QPA_PLATFORM", "QGIS_CUSTOM_CONFIG_PATH", "PYTHONPATH"):
        environment.pop(name, None)
    said = home / "qgis.log"
    with open(said, "a", encoding="utf-8") as log:
        run = subprocess.Popen(["xvfb-run", "-a", "-s", f"-screen 0 {screen}", "env",
                                f"TMPDIR={home / 'tmp'}", "qgis", "--nologo", "--noversioncheck",
                                "--profiles-path", str(home), "--code", str(script)], env=environment,
                               stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            run.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
            run.wait()
    return said.read_text(encoding="utf-8", errors="replace")
