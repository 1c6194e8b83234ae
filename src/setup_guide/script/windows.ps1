# Needs nothing that Windows does not have. Windows PowerShell 5.1 and newer.
Set-StrictMode -Off
function Stop-Here([string]$text) { [Console]::Error.WriteLine($text); exit 1 }
function Test-Administrator {
  $principal = New-Object Security.Principal.WindowsPrincipal([Security.Principal.WindowsIdentity]::GetCurrent())
  $principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
}

# All that could be wrong is looked at before anything is changed.
$pem = ''
$certificates = @()
if ($Trust -eq 'ca') {
  if (-not $Ca -and -not $Authority) { Stop-Here "Give the authority's certificate: -Ca ca.crt" }
  try {
    $pem = if ($Ca) { [IO.File]::ReadAllText((Resolve-Path -LiteralPath $Ca).ProviderPath) } else { $Authority }
    $pattern = '(?s)-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----'
    $certificates = @(foreach ($part in [regex]::Matches($pem, $pattern)) {
      $bytes = [Text.Encoding]::ASCII.GetBytes($part.Value)
      New-Object Security.Cryptography.X509Certificates.X509Certificate2 -ArgumentList (, $bytes)
    })
  } catch { Stop-Here "The authority's certificate cannot be read: $_" }
  if ($certificates.Count -eq 0) { Stop-Here "$Ca holds no certificate in PEM. From DER: certutil -encode $Ca ca.pem" }
}
# Docker Desktop's file is the user's own: for another account, an administrator's, it would be another file.
if (-not $DryRun -and ($Service -or $Trust -eq 'ca') -and -not (Test-Administrator)) {
  Stop-Here 'Run this as administrator, or look first: -DryRun'
}
if (-not $DryRun -and $Service) {
  try { Get-Service $Service | Out-Null } catch { Stop-Here "There is no service named ${Service}: $_" }
}

# What is there, without a byte order mark; an empty file counts as an empty object.
$before = if (Test-Path -LiteralPath $File) { [IO.File]::ReadAllText($File) } else { '' }
try { $configuration = if ($before.Trim()) { $before | ConvertFrom-Json } else { [pscustomobject]@{} } }
catch { Stop-Here "$File is not JSON, and was left as it is: $_" }
if ($null -eq $configuration -or $configuration.GetType().Name -ne 'PSCustomObject') {
  Stop-Here "$File holds no JSON object, and was left as it is"
}
$list = @($configuration.'insecure-registries' | Where-Object { $_ })
$wanted = @(
  if ($Trust -ne 'http') { $list | Where-Object { $_ -ne $Registry } }
  elseif ($list -ccontains $Registry) { $list }
  else { $list; $Registry }
)

# First the authority: without it, a registry that is no longer insecure could not be reached.
$changed = $false
$restart = $false
if ($certificates) {
  if (-not $Ca) { "the authority's fingerprint (SHA-256): $Fingerprint" }
  if ($Service) {
    # Docker's own folder, where a name has no colon: the rest of the machine trusts nothing new, and Docker reads it
    # whenever it needs it.
    $folder = "$env:ProgramData\docker\certs.d\" + $Registry.Replace(':', '')
    $there = if ([IO.File]::Exists("$folder\ca.crt")) { [IO.File]::ReadAllText("$folder\ca.crt").Trim() } else { '' }
    if ($there -ceq $pem.Trim()) { "unchanged: $folder\ca.crt" } elseif ($DryRun) { "would write: $folder\ca.crt" } else {
      try {
        [IO.Directory]::CreateDirectory($folder) | Out-Null
        [IO.File]::WriteAllText("$folder\ca.crt", $pem.Trim() + "`n")
      } catch { Stop-Here "$folder\ca.crt could not be written: $_" }
      $changed = $true
      "changed: $folder\ca.crt"
    }
  } else {
    foreach ($certificate in $certificates) {
      $store = New-Object Security.Cryptography.X509Certificates.X509Store 'Root', 'LocalMachine'
      try {
        $store.Open($(if ($DryRun) { 'ReadOnly' } else { 'ReadWrite' }))
        # Not Contains: it compares the issuer's name and the serial number alone.
        if ($store.Certificates.Find('FindByThumbprint', $certificate.Thumbprint, $false).Count) {
          "unchanged: $($certificate.Thumbprint) is trusted already"
        } elseif ($DryRun) { "would trust: $($certificate.Thumbprint)" } else {
          $store.Add($certificate)
          $changed = $restart = $true
          "trusted: $($certificate.Thumbprint)"
        }
      } catch { Stop-Here "The authority could not be added: $_" } finally { $store.Close() }
    }
  }
}

$copy = $null
$written = ($wanted -join "`n") -cne ($list -join "`n")
if ($written) {
  $changed = $restart = $true
  $configuration | Add-Member -Force -NotePropertyName 'insecure-registries' -NotePropertyValue $wanted
  $after = ($configuration | ConvertTo-Json -Depth 100) + "`r`n"
  if ($DryRun) { "would change: $File"; $after } else {
    New-Item -ItemType Directory -Force (Split-Path $File) | Out-Null
    if (Test-Path -LiteralPath $File) {
      $copy = "$File.bak.$(Get-Date -Format yyyyMMddHHmmss)"
      Copy-Item -LiteralPath $File $copy
      "copied: $File to $copy"
    }
    # Docker before 24.0 does not read a file with a byte order mark.
    [IO.File]::WriteAllText($File, $after, (New-Object Text.UTF8Encoding $false))
    "changed: $File"
  }
} else { "unchanged: $File" }

if ($DryRun) { 'dry run: nothing was changed'; exit 0 }
if (-not $changed) { 'nothing had to be changed'; exit 0 }
if (-not $restart) { 'done: Docker needs no restart'; exit 0 }
if (-not $Service) { 'done: now start Docker Desktop anew, so that it reads its settings'; exit 0 }
try {
  Restart-Service $Service -ErrorAction Stop
  # Under Stop, Windows PowerShell would end at the first warning on a standard error that leads elsewhere.
  $ErrorActionPreference = 'Continue'
  $format = '{{range .RegistryConfig.IndexConfigs}}{{if not .Secure}}{{println .Name}}{{end}}{{end}}'
  $insecure = docker info --format $format 2> $null
  $failed = $LASTEXITCODE -ne 0
  $ErrorActionPreference = 'Stop'
  if ($failed) { throw 'docker info failed' }
  if (($insecure -ccontains $Registry) -ne ($Trust -eq 'http')) {
    throw "Docker does not read $File, or has flags that contradict it"
  }
  "done: Docker takes $Registry as it should"
} catch {
  $why = $_
  $ErrorActionPreference = 'Continue'
  if ($copy) { Copy-Item -LiteralPath $copy $File -Force } elseif ($written) { Remove-Item -LiteralPath $File }
  Restart-Service $Service
  Stop-Here "Docker did not come to work with it, so $File was put back: $why"
}
