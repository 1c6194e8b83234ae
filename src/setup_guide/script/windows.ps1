# Needs nothing that Windows does not have. Windows PowerShell 5.1 and newer.
function Stop-Here([string]$text) { [Console]::Error.WriteLine($text); exit 1 }

if ($Trust -eq 'ca' -and -not ($Ca -and (Test-Path $Ca))) { Stop-Here "Give the authority's certificate: -Ca ca.crt" }
$principal = New-Object Security.Principal.WindowsPrincipal([Security.Principal.WindowsIdentity]::GetCurrent())
$administrator = $principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
if (-not $DryRun -and -not $administrator) { Stop-Here 'Run this as administrator, or look first: -DryRun' }

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
  $thumbprint = (New-Object Security.Cryptography.X509Certificates.X509Certificate2((Resolve-Path $Ca).Path)).Thumbprint
  if (Test-Path "Cert:\LocalMachine\Root\$thumbprint") { 'unchanged: the authority is trusted already' }
  elseif ($DryRun) { "would trust the authority $thumbprint"; $changed = $true }
  else {
    certutil.exe -addstore -f Root $Ca | Out-Null
    if ($LASTEXITCODE -ne 0) { Stop-Here 'The authority could not be added.' }
    "trusted: $thumbprint"
    $changed = $true
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
