# Merges the list insecure-registries of a daemon.json: prints the file $1 with the names $2 added and the name $3 taken
# out. Everything else stays as it is written. Needs nothing but awk, and refuses what is not JSON.
merge_json() {
  { if [ -e "$1" ]; then cat "$1"; fi; printf x; } | awk -v add="$2" -v gone="$3" '
function fail(what, before, lines) {
  before = substr(text, 1, p - 1)
  lines = gsub(/\n/, "&", before)
  sub(/^.*\n/, "", before)
  printf "line %d, column %d: %s\n", lines + 1, length(before) + 1, what | "cat 1>&2"
  close("cat 1>&2")
  failed = 1
  exit 3
}
function at() { return substr(text, p, 1) }
function blanks() { while (p <= size && index(" \t\n\r", at()) > 0) p++ }
function want(c) {
  if (at() != c) fail("expected " c)
  p++
}
# Reads a text, and returns it as it stands between its quotes.
function string(start, c) {
  want("\"")
  start = p
  while ((c = at()) != "\"") {
    if (p > size || index(control, c) > 0) fail("a text is not ended")
    p++
    if (c == "\\") {
      c = at()
      if (c == "" || index("\"\\/bfnrtu", c) == 0) fail("unknown escape")
      if (c == "u" && substr(text, p + 1, 4) !~ /^[0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F]$/) fail("unknown escape")
      p++
    }
  }
  p++
  return substr(text, start, p - 1 - start)
}
function value(c) {
  c = at()
  if (c == "\"") string()
  else if (c == "{") object(0)
  else if (c == "[") list(0)
  else if (substr(text, p, 4) == "true" || substr(text, p, 4) == "null") p += 4
  else if (substr(text, p, 5) == "false") p += 5
  else if (match(substr(text, p, 64), /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/)) p += RLENGTH
  else fail("expected a value")
}
# Reads a list; of the one that is wanted, remembers the entries and their places.
function list(wanted, start) {
  want("[")
  blanks()
  if (at() == "]") { p++; return }
  while (1) {
    start = p
    if (wanted) {
      if (at() != "\"") fail("the list holds something other than texts")
      entries++
      entry[entries] = string()
      entry_start[entries] = start
      entry_end[entries] = p
    } else value()
    blanks()
    if (at() != ",") break
    p++
    blanks()
  }
  want("]")
}
# Reads an object; of the outermost, remembers where its last member stands, and the list.
function object(top, key, start) {
  want("{")
  blanks()
  if (at() == "}") { p++; return }
  while (1) {
    start = p
    key = string()
    blanks()
    want(":")
    blanks()
    if (top) {
      members++
      last_start = start
      if (key == "insecure-registries") {
        if (list_start) fail("insecure-registries stands there twice")
        list_start = p
        if (substr(text, p, 4) == "null") { p += 4; list_null = 1 }
        else if (at() != "[") fail("insecure-registries is not a list")
        else list(1)
      } else value()
      last_end = p
    } else value()
    blanks()
    if (at() != ",") break
    p++
    blanks()
  }
  want("}")
}
function read() {
  size = length(text)
  p = 1
  entries = members = list_start = list_null = 0
  blanks()
  open = p
  object(1)
  shut = p - 1
  blanks()
  if (p <= size) fail("something follows the object")
}
# The blanks between a comma and what follows it, as before the place: a new line where that begins one.
function separator(place, from) {
  for (from = place - 1; from > 0 && index(" \t", substr(text, from, 1)) > 0; from--);
  return substr(text, from, 1) == "\n" ? substr(text, from, place - from) : " "
}
function exchange(from, to, new) { text = substr(text, 1, from - 1) new substr(text, to) }
function holds(name, i) {
  for (i = 1; i <= entries; i++) if (entry[i] == name) return i
  return 0
}
function insert(name, quoted) {
  quoted = "\"" name "\""
  if (list_null) exchange(list_start, list_start + 4, "[" quoted "]")
  else if (entries) exchange(entry_end[entries], entry_end[entries], "," separator(entry_start[entries]) quoted)
  else if (list_start) exchange(list_start + 1, list_start + 1, quoted)
  else if (members) exchange(last_end, last_end, "," separator(last_start) "\"insecure-registries\": [" quoted "]")
  else exchange(open + 1, shut, "\n  \"insecure-registries\": [" quoted "]\n")
}
function take(i) {
  if (i < entries) exchange(entry_start[i], entry_start[i + 1], "")
  else if (i > 1) exchange(entry_end[i - 1], entry_end[i], "")
  else exchange(entry_start[i], entry_end[i], "")
}
BEGIN { for (i = 1; i < 32; i++) control = control sprintf("%c", i) }
{ text = text $0 "\n" }
END {
  if (failed) exit 3
  text = substr(text, 1, length(text) - 2)
  if (substr(text, 1, 3) == "\357\273\277") text = substr(text, 4)
  before = text
  if (text !~ /[^ \t\n\r]/) text = "{}\n"
  read()
  while (gone != "" && (i = holds(gone))) { take(i); read(); did = 1 }
  n = split(add, names, " ")
  for (j = 1; j <= n; j++) if (!holds(names[j])) { insert(names[j]); read(); did = 1 }
  printf "%s", did ? text : before
}'
}
