package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"sachhon/bot/outbox"
)

// OutboxReport is how the messages of the last two days fare, by network.
type OutboxReport struct {
	Networks []NetworkReport
	// Dead are messages that were given up, the latest first, at most a hundred.
	Dead []DeadLetter
}

// NetworkReport counts the messages to one network.
type NetworkReport struct {
	Network                       string
	Waiting, InFlight, Sent, Dead int
	Repeated                      int       // that may have reached somebody twice
	Oldest                        time.Time // when the oldest that waits was queued; zero: none waits
	// Until is when the network is asked again that takes nothing now, Down that it
	// cannot be reached or refuses the bot, and PerSecond the rate that it was
	// found to take; zeros where that is not known, or no server runs.
	Until     time.Time
	Down      bool
	PerSecond int
}

// DeadLetter is a message that was given up.
type DeadLetter struct {
	ID       uint64
	Network  string
	Reason   outbox.Reason
	Error    string
	Attempts int
	GivenUp  time.Time
	Repeated bool
}

// maxDeadShown is how many dead letters a report holds: the latest.
const maxDeadShown = 100

// Outbox reports how messages fare. It reads the whole ledger, which holds two
// days of messages and a month of those that were given up, the latest of which
// come first.
func (b *Bot) Outbox(ctx context.Context) (OutboxReport, error) {
	by := map[string]*NetworkReport{}
	var rep OutboxReport
	err := b.store.Outbox().Rows(ctx, func(r outbox.Row) {
		n := by[r.Address.Channel]
		if n == nil {
			n = &NetworkReport{Network: r.Address.Channel}
			by[r.Address.Channel] = n
		}
		n.count(&r)
		if r.State == outbox.StateDead {
			if len(rep.Dead) == 2*maxDeadShown { // a bad day may leave thousands
				rep.Dead = append(rep.Dead[:0], rep.Dead[maxDeadShown:]...)
			}
			rep.Dead = append(rep.Dead, DeadLetter{r.ID, r.Address.Channel, r.Reason, r.LastError, r.Attempts, r.Settled, r.PossiblyRepeated})
		}
	})
	if err != nil {
		return rep, fmt.Errorf("report outbox: %w", err)
	}
	slices.Reverse(rep.Dead)
	rep.Dead = rep.Dead[:min(len(rep.Dead), maxDeadShown)]
	for _, n := range b.networks {
		if r := by[n.channel.Name()]; r != nil {
			st := n.box.Standing()
			r.Down, r.PerSecond = st.Down, st.PerSecond
			if st.Until.After(b.now()) {
				r.Until = st.Until
			}
		}
	}
	for _, n := range by {
		rep.Networks = append(rep.Networks, *n)
	}
	slices.SortFunc(rep.Networks, func(a, b NetworkReport) int { return strings.Compare(a.Network, b.Network) })
	return rep, nil
}

func (n *NetworkReport) count(r *outbox.Row) {
	switch r.State {
	case outbox.StateQueued:
		n.Waiting++
		if n.Oldest.IsZero() || r.Queued.Before(n.Oldest) {
			n.Oldest = r.Queued
		}
	case outbox.StateLeased:
		n.InFlight++
	case outbox.StateSent:
		n.Sent++
	case outbox.StateDead:
		n.Dead++
	}
	if r.PossiblyRepeated {
		n.Repeated++
	}
}

func (b *Bot) controlOutbox(r *http.Request) (any, error) { return b.Outbox(r.Context()) }

// controlRetry queues a message again that was given up.
func (b *Bot) controlRetry(r *http.Request) (any, error) {
	id, err := strconv.ParseUint(r.PathValue("id"), 10, 64)
	if err != nil {
		return nil, badRequest{fmt.Errorf("read number: %w", err)}
	}
	ok, err := b.store.Outbox().Revive(r.Context(), id, b.clock())
	if err == nil && !ok {
		err = badRequest{errors.New("no message of this number was given up; see `sachhon outbox`")}
	}
	b.wakeOutboxes()
	return struct{}{}, err
}
