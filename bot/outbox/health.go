package outbox

import (
	"log/slog"
	"time"

	"sachhon/bot/channel"
)

// A network that cannot be reached fails every message alike. To go on would
// use up the attempts of all of them, so after this many failures in a row, of
// this many addresses (one message that always fails is not an outage), a
// single message at a time tries the way until one gets through.
const (
	outageFailures  = 8
	outageAddresses = 3
)

// The waits between tries of a network that cannot be reached: they double
// from the first to the longest, short enough that people see it come back.
const (
	outageFirst   = 2 * time.Second
	outageLongest = 30 * time.Second
)

// health knows whether the channel as a whole works.
type health struct {
	log       *slog.Logger
	downRetry time.Duration
	// down says that the channel does not work: one message at a time tries.
	down     bool
	shut     bool // and that is because its settings are refused
	tries    int
	failures int
	of       map[channel.Address]struct{} // whose sendings failed in a row
	// limits counts requests to wait in a row that named no time.
	limits int
}

// works notes that the network took or refused a message for its own sake.
func (h *health) works() {
	if h.down {
		h.log.Info("channel works again")
	}
	h.down, h.shut, h.tries, h.failures, h.limits = false, false, 0, 0, 0
	clear(h.of)
}

// failed notes a failure that may be the whole network's and returns how long
// the channel is to wait; 0: not at all.
func (h *health) failed(a channel.Address) time.Duration {
	if !h.down {
		if h.of == nil {
			h.of = map[channel.Address]struct{}{}
		}
		h.failures++
		if len(h.of) < outageAddresses {
			h.of[a] = struct{}{}
		}
		if h.failures < outageFailures || len(h.of) < outageAddresses {
			return 0
		}
		h.down = true
		h.log.Warn("network cannot be reached, messages wait", "failures", h.failures)
	}
	h.tries++
	return doubled(outageFirst, h.tries, outageLongest)
}

// shutOut notes that the channel itself is refused and returns how long to wait.
func (h *health) shutOut(cause string) time.Duration {
	if !h.shut {
		h.down, h.shut = true, true
		h.log.Error("channel is shut out, messages wait until its settings are mended", "error", cause)
	}
	return h.downRetry
}

// limited returns how long to wait when the network asked for it.
func (h *health) limited(after time.Duration) time.Duration {
	h.failures = 0
	clear(h.of)
	if after <= 0 {
		h.limits++
		after = doubled(time.Second, h.limits, time.Minute)
	}
	h.log.Info("network asks to wait", "wait", after)
	return after
}

// doubled returns first·2ⁿ⁻¹, at most most.
func doubled(first time.Duration, n int, most time.Duration) time.Duration {
	d := first
	for i := 1; i < n && d < most; i++ {
		d *= 2
	}
	return min(d, most)
}
