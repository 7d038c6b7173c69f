package outbox_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/outbox"
)

func TestStopWaitsForWhatIsInFlight(t *testing.T) {
	inWorld(t, func(w *world) {
		w.net.latency = 2 * time.Second
		w.pace = outbox.Pace{PerSecond: 5, Burst: 1}
		for i := range 10 {
			w.enqueue(bulk(to(i), "x"))
		}
		w.run(600 * time.Millisecond) // three begun, some leased
		began := time.Now()
		if err := w.end(); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("stopping took %v, want no longer than what was in flight", took)
		}
		for id := uint64(1); id <= 10; id++ {
			r := w.row(id)
			if want := id <= 3; want != (r.State == outbox.StateSent) || r.State == outbox.StateLeased || r.PossiblyRepeated {
				t.Errorf("row %d is %v, possibly repeated %v", id, r.State, r.PossiblyRepeated)
			}
		}
	})
}

func TestStopCutsOffWhatTakesTooLong(t *testing.T) {
	inWorld(t, func(w *world) {
		w.net.hang = func(channel.Outgoing) bool { return true }
		w.enqueue(reply(to(1), "a"))
		w.run(time.Second)
		began := time.Now()
		if err := w.end(); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took < 3*time.Second || took > 3100*time.Millisecond {
			t.Errorf("stopping took %v, want the 3 s allowed", took)
		}
		if r := w.row(1); r.State != outbox.StateQueued || !r.PossiblyRepeated {
			t.Errorf("the row is %v, possibly repeated %v; want queued, labelled", r.State, r.PossiblyRepeated)
		}
	})
}

// sick is a queue whose transactions fail while it is ill.
type sick struct {
	*memory
	ill atomic.Bool
}

var errDisk = errors.New("no space left on device")

func (s *sick) Settle(ctx context.Context, list []outbox.Settlement) error {
	if s.ill.Load() {
		return errDisk
	}
	return s.memory.Settle(ctx, list)
}

func (s *sick) Lease(ctx context.Context, c outbox.Claim) ([]outbox.Row, time.Time, error) {
	if s.ill.Load() {
		return nil, time.Time{}, errDisk
	}
	return s.memory.Lease(ctx, c)
}

func TestOutcomesOutliveATroubledStore(t *testing.T) {
	inWorld(t, func(w *world) {
		q := &sick{memory: w.q}
		w.enqueue(reply(to(1), "a"), reply(to(1), "b"))
		box := outbox.New(q, w.net, outbox.Pace{}, w.opts)
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan error)
		go func() { done <- box.Run(ctx) }()
		w.net.mu.Lock()
		w.net.answer = func(channel.Outgoing, int) error { q.ill.Store(true); return nil }
		w.net.mu.Unlock()
		time.Sleep(time.Minute)
		w.wantTexts("a")
		w.net.mu.Lock()
		w.net.answer = nil
		w.net.mu.Unlock()
		q.ill.Store(false)
		time.Sleep(5 * time.Second)
		w.wantTexts("a", "b")
		q.ill.Store(true)
		w.enqueue(reply(to(1), "c"))
		box.Wake()
		time.Sleep(10 * time.Second)
		q.ill.Store(false)
		time.Sleep(2 * time.Second)
		w.wantTexts("a", "b", "c")
		if !strings.Contains(w.logs.String(), errDisk.Error()) {
			t.Error("nobody was told of the store's trouble")
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestStopSaysWhatItCouldNotWrite(t *testing.T) {
	inWorld(t, func(w *world) {
		w.net.latency = time.Second
		w.enqueue(reply(to(1), "a"))
		w.run(100 * time.Millisecond)
		w.q.crash()
		if err := w.end(); !errors.Is(err, errCrashed) {
			t.Errorf("Run returned %v, want what the store said", err)
		}
		w.q = &memory{disk: w.q.disk}
		w.run(2 * time.Second)
		if r := w.wantState(1, outbox.StateSent, "", 1); !r.PossiblyRepeated {
			t.Error("the second sending is not labelled")
		}
	})
}

// A broadcast that gives way to replies for longer than its rows are leased
// does not send under a lease that may run out.
func TestLeaseOutlastsEverySending(t *testing.T) {
	inWorld(t, func(w *world) {
		w.pace = outbox.Pace{PerSecond: 1, Burst: 1}
		w.net.answer = func(out channel.Outgoing, _ int) error {
			id, _ := strconv.ParseUint(out.ID, 10, 64)
			w.q.mu.Lock()
			defer w.q.mu.Unlock()
			if r, _ := w.q.get(id); time.Until(r.LeasedUntil) < time.Minute {
				t.Errorf("row %d is sent with %v left of its lease", id, time.Until(r.LeasedUntil))
			}
			return nil
		}
		for i := range 8 {
			w.enqueue(bulk(to(i), "bulk"))
		}
		w.run(1500 * time.Millisecond)
		for i := range 400 {
			w.enqueue(reply(to(100+i), "reply"))
		}
		w.run(20 * time.Minute)
		for id := uint64(1); id <= 408; id++ {
			if r := w.wantState(id, outbox.StateSent, "", 1); r.PossiblyRepeated {
				t.Errorf("row %d is labelled as possibly repeated", id)
			}
		}
	})
}
