# Needs nothing that Windows does not have. Windows PowerShell 5.1 and newer.
function Stop-Here([string]$text) { [Console]::Error.WriteLine($text); exit 1 }

$missing = if ($Ca) { -not (Test-Path $Ca) } else { -not $Authority }
if ($Trust -eq 'ca' -and $missing) { Stop-Here "Give the authority's certificate: -Ca ca.crt" }
function Test-Administrator {
  $principal = New-Object Security.Principal.WindowsPrincipal([Security.Principal.WindowsIdentity]::GetCurrent())
  $principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
}
if (-not $DryRun -and -not (Test-Administrator)) { Stop-Here 'Run this as administrator, or look first: -DryRun' }

# What is there, without a byte order mark; an empty file counts as an empty object.
$before = if (Test-Path $File) { [IO.File]::ReadAllText($File) } else { '' }
try { $configuration = if ($before.Trim()) { $before | ConvertFrom-Json } else { [pscustomobject]@{} } }
catch { Stop-Here "$File is not JSON, and was left as it is: $_" }
$list = @($configuration.'insecure-registries' | Where-Object { $_ })
$wanted = if ($Trust -eq 'http') {
  if ($list -contains $Registry) { $list } else { $list + $Registry }
} else { @($list | Where-Object { $_ -ne $Registry }) }

$changed = (@($wanted) -join "`n") -ne ($list -join "`n")
if ($changed) {
  $configuration | Add-Member -Force -NotePropertyName 'insecure-registries' -NotePropertyValue @($wanted)
  $after = ($configuration | ConvertTo-Json -Depth 100) + "`r`n"
  if ($DryRun) { "would change: $File"; $after } else {
    New-Item -ItemType Directory -Force (Split-Path $File) | Out-Null
    $copy = $null
    if (Test-Path $File) { $copy = "$File.bak.$(Get-Date -Format yyyyMMddHHmmss)"; Copy-Item $File $copy; "copied: $File to $copy" }
    # Docker before 24.0 does not read a file with a byte order mark.
    [IO.File]::WriteAllText($File, $after, (New-Object Text.UTF8Encoding $false))
    "changed: $File"
  }
} else { "unchanged: $File" }

if ($Trust -eq 'ca') {
  $pem = if ($Ca) { [IO.File]::ReadAllText((Resolve-Path $Ca).Path) } else { $Authority }
  if (-not $Ca) { "the authority's fingerprint (SHA-256): $Fingerprint" }
  foreach ($part in [regex]::Matches($pem, '(?s)-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----')) {
    $bytes = [Text.Encoding]::ASCII.GetBytes($part.Value)
    $certificate = New-Object Security.Cryptography.X509Certificates.X509Certificate2 -ArgumentList (, $bytes)
    $store = New-Object Security.Cryptography.X509Certificates.X509Store 'Root', 'LocalMachine'
    try {
      $store.Open($(if ($DryRun) { 'ReadOnly' } else { 'ReadWrite' }))
      if ($store.Certificates.Contains($certificate)) { "unchanged: $($certificate.Thumbprint) is trusted already" } else {
        $changed = $true
        if ($DryRun) { "would trust: $($certificate.Thumbprint)" } else {
          $store.Add($certificate)
          "trusted: $($certificate.Thumbprint)"
        }
      }
    } catch { Stop-Here "The authority could not be added: $_" } finally { $store.Close() }
  }
}

if ($DryRun) { 'dry run: nothing was changed'; exit 0 }
if (-not $changed) { 'nothing had to be changed'; exit 0 }
if (-not $Service) { 'done: now start Docker Desktop anew, so that it reads its settings'; exit 0 }
try {
  Restart-Service $Service -ErrorAction Stop
  docker info *> $null
  if ($LASTEXITCODE -ne 0) { throw 'docker info failed' }
  "done: Docker takes $Registry as it should"
} catch {
  if ($copy) { Copy-Item $copy $File -Force } elseif (-not $before) { Remove-Item $File -ErrorAction SilentlyContinue }
  Restart-Service $Service -ErrorAction SilentlyContinue
  Stop-Here "Docker did not come to work with it, so the file was put back: $_"
}
