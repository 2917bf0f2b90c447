# The service: whether it is to run, and what came of it.

unit=falco-modern-bpf.service
# Falco's own packages start one of these
their_units="falco-modern-bpf falco-kmod falco-custom falco-bpf"

has_systemctl() {
	command -v systemctl >/dev/null
}

runs_systemd() {
	[ -d /run/systemd/system ]
}

# Where an image is built, or an administrator says so, packages start nothing.
may_start() {
	runs_systemd && if [ -x /usr/sbin/policy-rc.d ]; then
		/usr/sbin/policy-rc.d "$unit" start >/dev/null 2>&1 || [ $? -ne 101 ]
	fi
}

is_enabled() {
	[ "$(systemctl is-enabled "$1" 2>/dev/null)" = enabled ]
}

# While the units of Falco's package are still there: links that lead to them go, but for those of our own unit's name.
leave_their_units() {
	rm -f "$state/service"
	has_systemctl || return 0
	for name in $their_units; do
		if is_enabled "$name.service"; then
			echo enabled >"$state/service"
		fi
	done
	for name in falco-kmod falco-custom falco-bpf falcoctl-artifact-follow; do
		systemctl disable "$name.service" >/dev/null 2>&1 || true
	done
	systemctl unmask falcoctl-artifact-follow.service >/dev/null 2>&1 || true
}

enable_service() {
	systemctl enable "$unit" || say "it is not enabled: systemctl enable $unit"
}

# restart: also what did not run; try-restart: only what runs
start_service() {
	may_start || return 0
	systemctl "$1" "$unit" || true
	if systemctl is-active --quiet "$unit"; then
		say "watching system calls; alerts: journalctl -t falco -f"
	elif [ "$1" = restart ]; then
		say "it did not start: journalctl -t falco says why"
	fi
}

# The last step of an installation, by what was there before.
settle_service() {
	has_systemctl || return 0
	if runs_systemd; then
		systemctl daemon-reload || true
	fi
	case $(cat "$state/kind" 2>/dev/null) in
	fresh)
		enable_service
		start_service restart
		;;
	takeover)
		if [ -f "$state/service" ]; then
			enable_service
			start_service restart
		else
			say "the service was not enabled and stays so: systemctl enable --now falco-modern-bpf"
		fi
		;;
	*) start_service try-restart ;;
	esac
	rm -f "$state/kind" "$state/service"
}

stop_service() {
	has_systemctl || return 0
	if runs_systemd; then
		systemctl stop "$unit" || true
	fi
	systemctl disable "$unit" || true
}
