# The files in /etc/falco. They are no configuration files of dpkg or rpm: dpkg would ask about one that the administrator
# and the package have both changed, and with Falco's own package its rules would go, which rules of this host change. So
# the package carries its files elsewhere and puts them to /etc/falco by these rules: what nobody has changed is renewed,
# unless what is kept would then have mistakes; all else stays as it is, and is named.

# Before another package's files go.
save_etc() {
	rm -rf "$state/before"
	mkdir -p "$state/before"
	if [ -d /etc/falco ]; then
		cp -a /etc/falco/. "$state/before/"
	fi
}

# After they have gone: everything that was in /etc/falco is there again.
restore_etc() {
	(cd "$state/before" && find . ! -type d) | while IFS= read -r path; do
		if [ ! -e "/etc/falco/$path" ] && [ ! -L "/etc/falco/$path" ]; then
			mkdir -p "/etc/falco/${path%/*}"
			cp -a "$state/before/$path" "/etc/falco/$path"
			echo "$path" >>"$state/restored"
		fi
	done
	rm -rf "$state/before"
}

recorded_sum() {
	sed -n "s/^\([0-9a-f]*\)  $1\$/\1/p" "$state/sums" 2>/dev/null
}

# name, sum; without a sum nothing is known of the file any more
record() {
	grep -v "  $1\$" "$state/sums" >"$state/sums.new" 2>/dev/null || true
	if [ -n "$2" ]; then
		echo "$2  $1" >>"$state/sums.new"
	fi
	mv "$state/sums.new" "$state/sums"
}

# whole or not at all; a link of the administrator's is none of ours
put() {
	cp "$1" "$2.falco-new"
	chmod 644 "$2.falco-new"
	mv -f "$2.falco-new" "$2"
}

is_unchanged() {
	[ -f "$1" ] && [ ! -L "$1" ] && [ "$(sum_of "$1")" = "$(recorded_sum "${1##*/}")" ]
}

# problems: what is wrong with all of /etc/falco; empty when nothing is
check_etc() {
	if problems=$(/usr/bin/falco --dry-run 2>&1); then
		problems=
	elif [ -z "$problems" ]; then
		problems="falco --dry-run has failed"
	fi
}

settle_etc() {
	mkdir -p /etc/falco "$state/old"
	renewed=
	for default in "$defaults"/*; do
		settle_file "${default##*/}"
	done
	check_etc
	if [ -n "$problems" ] && [ -n "$renewed" ]; then
		keep_old_if_better
	fi
	for name in $renewed; do
		record "$name" "$(sum_of "/etc/falco/$name")"
		say "renewed /etc/falco/$name, which nobody had changed"
	done
	rm -rf "$state/old"
	if [ -n "$problems" ]; then
		say "mistakes in /etc/falco, which falco --dry-run shows again:"
		echo "$problems" | head -n 30
	else
		say "settings and rules in /etc/falco are fine"
	fi
}

settle_file() {
	file=/etc/falco/$1
	new=$(sum_of "$defaults/$1")
	if [ ! -e "$file" ] && [ ! -L "$file" ]; then
		# what the administrator has removed stays away
		if [ -z "$(recorded_sum "$1")" ]; then
			put "$defaults/$1" "$file"
			record "$1" "$new"
		fi
	elif [ "$(sum_of "$file" 2>/dev/null)" = "$new" ]; then
		record "$1" "$new"
	elif is_unchanged "$file"; then
		cp -p "$file" "$state/old/$1"
		put "$defaults/$1" "$file"
		renewed="$renewed $1"
	elif [ "$(recorded_sum "$1")" != "$new" ]; then
		say "kept $file; the one of this version is $defaults/$1"
		record "$1" "$new"
	fi
}

# Rules of this host that fit the old files and not the new ones keep the old ones.
keep_old_if_better() {
	new_problems=$problems
	for name in $renewed; do
		put "$state/old/$name" "/etc/falco/$name"
	done
	check_etc
	if [ -z "$problems" ]; then
		say "kept$renewed in /etc/falco as before: with those of this version ($defaults) there would be mistakes:"
		echo "$new_problems" | head -n 30
		renewed=
		return
	fi
	for name in $renewed; do
		put "$defaults/$name" "/etc/falco/$name"
	done
	problems=$new_problems
}

# Falco's own package comes, or rpm erases ours: only what was changed stays.
remove_unchanged_etc() {
	for default in "$defaults"/*; do
		if is_unchanged "/etc/falco/${default##*/}"; then
			rm -f "/etc/falco/${default##*/}"
			record "${default##*/}" ""
		fi
	done
}

# Everything that packages have put there; what others have added stays.
purge_etc() {
	if [ -f "$state/sums" ]; then
		sed 's/^[0-9a-f]*  //' "$state/sums" | while IFS= read -r name; do rm -f "/etc/falco/$name"; done
	fi
	if [ -f "$state/restored" ]; then
		while IFS= read -r path; do rm -f "/etc/falco/$path"; done <"$state/restored"
	fi
	rm -rf "$state"
	for folder in /etc/falco/rules.d /etc/falco/config.d /etc/falco; do
		rmdir "$folder" 2>/dev/null || true
	done
}
