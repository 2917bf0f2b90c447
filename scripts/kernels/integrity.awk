# Evaluates the recording of a stress run (stress.c): every event of a worker is about its own files, and what was made but is
# not there has been counted as lost.
# In: "@@made NAME OPENS EXECS" and "drops N: …" of the two programs, then one line for each event:
#   type|process|path of the call|program|arguments|. Out: "@@integrity …", and the first wrong lines.
BEGIN { FS = "|" }
/^@@made / { split($0, word, " "); made += word[3]; next }
/ drops [0-9]+/ { sub(/.* drops /, ""); lost += $0 + 0; next }
NF < 6 { next }
{
	letter = substr($2, 2, 1)
	is_open = $1 == "open" || $1 == "openat"
	if (is_open) {
		wrong = $3 !~ ("^/tmp/d" letter "/" letter "+$") || length($3) != length("/tmp/dX/") + 180
	} else if ($1 == "execve") {
		wrong = $4 != "/tmp/d" letter "/w" letter || ($5 !~ ("^" letter "+$") && $5 !~ /^0 [0-9]+$/)
	} else wrong = 0
	if (wrong && bad++ < 5) print "@@wrong " $0
	if (is_open) seen += !wrong
	if ($1 == "execve") execved += !wrong
}
END {
	uncounted = made - seen > lost ? made - seen - lost : 0
	printf "@@integrity wrong %d, opens made %d, seen %d, execs %d, lost and counted %d, missing and not counted %d\n", \
		bad, made, seen, execved, lost, uncounted
}
