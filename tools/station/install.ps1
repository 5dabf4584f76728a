# Installs the inspector from the wheels beside this file, without a network:
#   powershell -ExecutionPolicy Bypass -File install.ps1 [-Target FOLDER] [-Python C:\Python\python.exe]
param(
    [string]$Target = (Join-Path $env:LOCALAPPDATA "mutual-inspector"),
    [string]$Python = ""
)
$ErrorActionPreference = "Stop"
$here = Split-Path -Parent $MyInvocation.MyCommand.Path

function Stop-Here([string]$Message) {
    [Console]::Error.WriteLine($Message)
    exit 1
}

$check = "import sys, ensurepip, venv; sys.exit('%d.%d' % sys.version_info[:2] != '@PYTHON@' or sys.maxsize < 2**32)"
$words = @()
if (-not $Python) { $Python = "py"; $words = @("-@PYTHON@") }
if (-not (Get-Command $Python -ErrorAction SilentlyContinue)) { Stop-Here "64-bit Python @PYTHON@ is needed; name it with -Python" }
& $Python @words -c $check
if ($LASTEXITCODE -ne 0) { Stop-Here "64-bit Python @PYTHON@ is needed; name it with -Python" }

Write-Output "Checking the files ..."
foreach ($line in Get-Content (Join-Path $here "SHA256SUMS")) {
    $sum, $name = $line -split "  ", 2
    $file = Join-Path $here $name
    if (-not (Test-Path -LiteralPath $file) -or (Get-FileHash -Algorithm SHA256 -LiteralPath $file).Hash -ne $sum) {
        Stop-Here "${name}: damaged or missing; copy the folder again."
    }
}

Write-Output "Installing into $Target ..."
& $Python @words -m venv $Target
if ($LASTEXITCODE -ne 0) { Stop-Here "The folder $Target cannot be made." }
$scripts = Join-Path $Target "Scripts"
$env:PIP_CONFIG_FILE = "nul"
& (Join-Path $scripts "python.exe") -m pip --isolated install --quiet --disable-pip-version-check --no-index --find-links (Join-Path $here "wheels") "@PROJECT@"
if ($LASTEXITCODE -ne 0) { Stop-Here "The wheels cannot be installed; see above." }

Write-Output "Looking whether all is well ..."
& (Join-Path $scripts "inspector.exe") doctor
$found = $LASTEXITCODE
Write-Output ""
Write-Output "Installed. Start the app with:  $(Join-Path $scripts 'inspector-gui.exe')"
Write-Output "The command line is:            $(Join-Path $scripts 'inspector.exe') --help"
if ($found -ne 0) { Write-Output "Doctor found something wrong; see above." }
exit $found
