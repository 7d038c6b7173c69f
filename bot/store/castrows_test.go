package store_test

import (
	"context"
	"testing"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/outbox"
	"sachhon/bot/store"
	"sachhon/bot/store/storetest"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// oneCast is a broadcast under way to one person by a network that is sent to.
func oneCast(t *testing.T) (*store.Store, *scheduler.Casting) {
	t.Helper()
	s := storetest.Open(t)
	casting := &scheduler.Casting{Gate: scheduler.NewGate(scheduler.HouseWindows(scheduler.NewDays(scheduler.Holidays{}, zone)))}
	update(t, s, func(tx *store.Tx) error {
		c := dialogs.Contact{ID: "an", Addresses: []string{"net:1"}, Created: weekday.Add(-time.Hour)}
		if err := tx.PutContact(&c); err != nil {
			return err
		}
		if err := tx.PutAddress("net:1", "an", false); err != nil {
			return err
		}
		b := scheduler.Broadcast{ID: "b1", Kind: scheduler.Service, Status: scheduler.Scheduled, Version: 1}
		if err := b.Start(weekday); err != nil {
			return err
		}
		return tx.PutBroadcast(&b)
	})
	update(t, s, func(tx *store.Tx) error {
		_, err := casting.Plan(tx, "b1", weekday, 10)
		return err
	})
	return s, casting
}

// handOver feeds the broadcast at a time.
func handOver(t *testing.T, s *store.Store, casting *scheduler.Casting, now time.Time) {
	t.Helper()
	update(t, s, func(tx *store.Tx) error {
		_, err := casting.Feed(tx, "b1", now, scheduler.Feeding{Room: func(string) int { return 5 },
			Deliver: func(b *scheduler.Broadcast, c *dialogs.Contact, _ string) (scheduler.Handed, error) {
				return scheduler.Handed{Rows: 1}, tx.Enqueue(outbox.Row{Lane: outbox.Bulk, Address: channel.Address{Channel: "net", ID: "1"},
					Message: dialogs.Message{Text: "tin"}, Queued: now, Key: store.CastKey(b.ID, c.ID, true)})
			}})
		return err
	})
}

// sendAs leases the one message and settles it as done makes it.
func sendAs(t *testing.T, s *store.Store, now time.Time, done func(*outbox.Row)) {
	t.Helper()
	rows, _, err := s.Outbox().Lease(context.Background(), outbox.Claim{Channel: "net", Lane: outbox.Bulk, Most: 5, Now: now, Until: now.Add(time.Minute)})
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d messages are leased, %v", len(rows), err)
	}
	set := outbox.Settlement{Row: rows[0], Lease: rows[0].LeasedUntil}
	set.Row.LeasedUntil = time.Time{}
	done(&set.Row)
	if err := s.Outbox().Settle(context.Background(), []outbox.Settlement{set}); err != nil {
		t.Fatal(err)
	}
}

func change(t *testing.T, s *store.Store, do func(tx *store.Tx, b *scheduler.Broadcast) error) {
	t.Helper()
	update(t, s, func(tx *store.Tx) error {
		b, _, err := tx.Broadcast("b1")
		if err != nil {
			return err
		}
		return do(tx, &b)
	})
}

// TestTakenBackAfterDoubtIsLabelled has a message end without word whether it
// was taken, then the broadcast paused and resumed: whoever gets it again may
// have it twice, and the record says so.
func TestTakenBackAfterDoubtIsLabelled(t *testing.T) {
	s, casting := oneCast(t)
	handOver(t, s, casting, weekday)
	sendAs(t, s, weekday, func(r *outbox.Row) { r.State, r.PossiblyRepeated = outbox.StateQueued, true })
	change(t, s, func(tx *store.Tx, b *scheduler.Broadcast) error {
		if err := b.Pause(scheduler.PausedByHand); err != nil {
			return err
		}
		return tx.TakeBack(b)
	})
	view(t, s, func(tx *store.Tx) error {
		if r, _, err := tx.Recipient("b1", "an"); err != nil || r.State != scheduler.Waiting || !r.Repeated {
			t.Errorf("taken back, the recipient is %+v, %v", r, err)
		}
		return nil
	})
	later := weekday.Add(time.Hour)
	change(t, s, func(tx *store.Tx, b *scheduler.Broadcast) error {
		if err := b.Resume(later); err != nil {
			return err
		}
		return tx.PutBroadcast(b)
	})
	handOver(t, s, casting, later)
	sendAs(t, s, later, func(r *outbox.Row) { r.State, r.Settled = outbox.StateSent, later })
	view(t, s, func(tx *store.Tx) error {
		b, _, err := tx.Broadcast("b1")
		if err != nil || b.Status != scheduler.Done || b.Counts.Sent != 1 || b.Counts.Repeated != 1 {
			t.Errorf("in the end it is %s, %s, %v", b.Status, b.Counts.String(), err)
		}
		if e, err := tx.Transcript("net:1", 0, 5); err != nil || len(e) != 1 || !e[0].Push {
			t.Errorf("the conversation has %v, %v", e, err)
		}
		return nil
	})
}

// TestPauseCatchesWhatIsInFlight has a message come back unsent after its
// broadcast was paused: it does not leave any more.
func TestPauseCatchesWhatIsInFlight(t *testing.T) {
	s, casting := oneCast(t)
	handOver(t, s, casting, weekday)
	sendAs(t, s, weekday, func(r *outbox.Row) {
		change(t, s, func(tx *store.Tx, b *scheduler.Broadcast) error {
			if err := b.Cancel(weekday); err != nil {
				return err
			}
			return tx.TakeBack(b)
		})
		r.State = outbox.StateQueued
	})
	view(t, s, func(tx *store.Tx) error {
		b, _, err := tx.Broadcast("b1")
		if err != nil || b.Counts.Pending() != 0 || b.Counts.SkippedFor[scheduler.ForCancelled] != 1 {
			t.Errorf("it is %s, %s, %v", b.Status, b.Counts.String(), err)
		}
		return nil
	})
	rows, _, err := s.Outbox().Lease(context.Background(), outbox.Claim{Channel: "net", Lane: outbox.Bulk, Most: 5, Now: weekday, Until: weekday.Add(time.Minute)})
	if err != nil || len(rows) != 0 {
		t.Errorf("%d messages can be sent still, %v", len(rows), err)
	}
}

// pausedWhileLeased is a broadcast that was stopped while its one message was
// leased, by a program that died before it could say what became of it.
func pausedWhileLeased(t *testing.T, stop func(b *scheduler.Broadcast) error) *store.Store {
	t.Helper()
	s, casting := oneCast(t)
	handOver(t, s, casting, weekday)
	rows, _, err := s.Outbox().Lease(context.Background(), outbox.Claim{Channel: "net", Lane: outbox.Bulk, Most: 5, Now: weekday, Until: weekday.Add(time.Minute)})
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d messages are leased, %v", len(rows), err)
	}
	change(t, s, func(tx *store.Tx, b *scheduler.Broadcast) error {
		if err := stop(b); err != nil {
			return err
		}
		return tx.TakeBack(b)
	})
	if n, err := s.Outbox().Recover(context.Background(), "net"); err != nil || n != 1 {
		t.Fatalf("%d messages are recovered, %v", n, err)
	}
	return s
}

// TestStoppedBroadcastDoesNotLeaveAfterACrash has the program die with a message
// of a paused or cancelled broadcast under way: started again it does not send it.
func TestStoppedBroadcastDoesNotLeaveAfterACrash(t *testing.T) {
	for name, stop := range map[string]func(b *scheduler.Broadcast) error{
		"paused":    func(b *scheduler.Broadcast) error { return b.Pause(scheduler.PausedByHand) },
		"cancelled": func(b *scheduler.Broadcast) error { return b.Cancel(weekday) },
	} {
		s := pausedWhileLeased(t, stop)
		rows, _, err := s.Outbox().Lease(context.Background(), outbox.Claim{Channel: "net", Lane: outbox.Bulk, Most: 5, Now: weekday.Add(time.Hour), Until: weekday.Add(2 * time.Hour)})
		if err != nil || len(rows) != 0 {
			t.Errorf("%s: %d messages leave, %v", name, len(rows), err)
		}
		view(t, s, func(tx *store.Tx) error {
			if r, _, err := tx.Recipient("b1", "an"); err != nil || r.State != scheduler.Waiting || !r.Repeated {
				t.Errorf("%s: the recipient is %+v, %v", name, r, err)
			}
			return nil
		})
	}
}

// TestServiceTakenBackLeavesPromotionCounted hands a promotion and a service over
// in one second and takes the service back: the promotion still counts.
func TestServiceTakenBackLeavesPromotionCounted(t *testing.T) {
	s, casting := oneCast(t)
	promotion := scheduler.Push{Kind: scheduler.Promotion}
	noted := scheduler.Sent{}.With(&promotion, weekday)
	update(t, s, func(tx *store.Tx) error { return tx.PutSent("an", noted) })
	handOver(t, s, casting, weekday)
	change(t, s, func(tx *store.Tx, b *scheduler.Broadcast) error {
		if err := b.Pause(scheduler.PausedByHand); err != nil {
			return err
		}
		return tx.TakeBack(b)
	})
	view(t, s, func(tx *store.Tx) error {
		if sent, err := tx.Sent("an"); err != nil || sent != noted {
			t.Errorf("what was sent lately became %+v, %v", sent, err)
		}
		return nil
	})
}

// TestHeldUnderAWrongClockGoesOn has the clock stand in the night for a moment,
// seven hours ahead, and be set back: the broadcast goes on in the afternoon that
// it really is.
func TestHeldUnderAWrongClockGoesOn(t *testing.T) {
	s, casting := oneCast(t)
	afternoon := weekday.Add(7 * time.Hour)
	handOver(t, s, casting, afternoon.Add(7*time.Hour))
	change(t, s, func(_ *store.Tx, b *scheduler.Broadcast) error {
		if b.HeldFor != scheduler.InQuietHours || b.Flows() {
			t.Errorf("at night it is held for %q until %v", b.HeldFor, b.Until)
		}
		return nil
	})
	handOver(t, s, casting, afternoon)
	change(t, s, func(_ *store.Tx, b *scheduler.Broadcast) error {
		if b.Counts.Ways[0].Queued != 1 || !b.Flows() {
			t.Errorf("in the afternoon it is held for %q until %v, %s", b.HeldFor, b.Until, b.Counts.String())
		}
		return nil
	})
}
