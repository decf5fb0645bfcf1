<#
.SYNOPSIS
    Makes the scheduled task "cucbulk nightly" on this computer.
.DESCRIPTION
    Makes the folder that the task works in, lets nobody but the task's account,
    administrators and the system read it, stores the password of the account on Unity
    Connection there, and registers the task. Run it as an administrator.
.EXAMPLE
    .\Register-CucbulkTask.ps1 -Account EXAMPLE\svc-cucbulk
#>
#Requires -Version 5.1
#Requires -RunAsAdministrator
[CmdletBinding()]
param(
    # The account that the task runs as: an ordinary one, with the right to log on as a batch job.
    [Parameter(Mandatory)] [string] $Account,
    [string] $Program = 'C:\Program Files\cucbulk\cucbulk.exe',
    [string] $Folder = 'C:\ProgramData\cucbulk',
    [string] $At = '02:15'
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$arguments = 'run nightly.csv --config cucbulk.yaml --password-file password.txt --operation upsert --skip-invalid --not-after 05:00 --progress none --json'

# The folder: inherited rights go, three accounts stay. SIDs mean the same in every language.
New-Item -ItemType Directory -Force -Path $Folder | Out-Null
icacls $Folder /inheritance:r /grant:r "${Account}:(OI)(CI)M" '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-544:(OI)(CI)F' | Out-Null
if ($LASTEXITCODE -ne 0) { throw "icacls ended with $LASTEXITCODE" }

# The password of the account on Unity Connection. It is typed, and never an argument.
$bulk = Get-Credential -Message 'The account on Unity Connection that cucbulk signs in with'
$file = Join-Path $Folder 'password.txt'
[IO.File]::WriteAllText($file, $bulk.GetNetworkCredential().Password, [Text.UTF8Encoding]::new($false))

# The password of the account that the task runs as.
$runAs = Get-Credential -UserName $Account -Message 'The Windows account that the task runs as'

$task = @{
    TaskName = 'cucbulk nightly'
    Action   = New-ScheduledTaskAction -Execute $Program -Argument $arguments -WorkingDirectory $Folder
    Trigger  = New-ScheduledTaskTrigger -Weekly -DaysOfWeek Monday, Tuesday, Wednesday, Thursday, Friday -At $At
    Settings = New-ScheduledTaskSettingsSet -MultipleInstances IgnoreNew -RunOnlyIfNetworkAvailable -ExecutionTimeLimit (New-TimeSpan -Hours 4)
    User     = $Account
    Password = $runAs.GetNetworkCredential().Password
    RunLevel = 'Limited'
}
Register-ScheduledTask @task -Force | Out-Null
Write-Host "Registered. Try it: Start-ScheduledTask 'cucbulk nightly'; then (Get-ScheduledTaskInfo 'cucbulk nightly').LastTaskResult is the exit code."
