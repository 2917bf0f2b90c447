# What scripts of the packages remember, and how they speak.

# what the package installs for /etc/falco
defaults=/usr/share/falco/etc
# kind: what is being installed over what; service: whether it was enabled; before/: another package's /etc/falco;
# sums: what the package had for /etc/falco when it was last installed; restored: files of before/ that were put back
state=/var/lib/falco/package

say() {
	echo "falco: $*"
}

# What is being installed over is one of our versions: Falco's own packages have no such file.
is_ours() {
	[ -f "$defaults/falco.yaml" ]
}

# what lies in /etc/falco under this name, as one word
sum_of() {
	sha256sum <"$1" | cut -d ' ' -f 1
}
