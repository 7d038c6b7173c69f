package outboxtest

import (
	"fmt"
	"reflect"
	"time"

	"sachhon/bot/outbox"
	"sachhon/dialogs"
)

func oldestFirst(b *bench) {
	later := row(at("net", 1), "queued later")
	later.Queued = start.Add(time.Second)
	b.enqueue(later, row(at("net", 2), "first"), row(at("net", 3), "second"), row(at("net", 4), "third"))
	now := start.Add(time.Minute)
	b.wantLease(outbox.Replies, 2, now, "first", "second")
	_, next := b.lease(outbox.Replies, 1, now)
	if next.IsZero() || next.After(now) {
		b.Errorf("one more row is due, but the time to look again is %v", next)
	}
	b.wantLease(outbox.Replies, 5, now, "queued later")
}

func leasedOnce(b *bench) {
	b.enqueue(row(at("net", 1), "one"))
	b.wantLease(outbox.Replies, 5, start, "one")
	b.wantLease(outbox.Replies, 5, start.Add(leaseTime-1))
}

func roundTrip(b *bench) {
	in := outbox.Row{
		Lane: outbox.Bulk, Address: at("net", 1), Key: "broadcast:b1:c1",
		Message: dialogs.Message{
			Text: "Lớp **mới**", Format: dialogs.Marked, Hint: dialogs.HintChoice,
			Buttons: [][]dialogs.Button{{{ID: "/dangky", Label: "Đăng ký", On: true}, {Label: "Bản đồ", URL: "https://example.vn"}}},
			Media:   []dialogs.Media{{Kind: dialogs.Image, Name: "a.png", MIME: "image/png", Size: 7, Alt: "Ảnh", Ref: "m1"}},
		},
		Queued: start, NotBefore: start.Add(time.Second), Expires: start.Add(time.Hour),
	}
	b.enqueue(in)
	rows, _ := b.lease(outbox.Bulk, 1, start.Add(time.Second))
	if len(rows) != 1 || rows[0].ID == 0 {
		b.Fatalf("got %d rows, want one with an id: %+v", len(rows), rows)
	}
	want := in.Lease(start.Add(time.Second + leaseTime))
	want.ID = rows[0].ID
	if !reflect.DeepEqual(rows[0], want) {
		b.Errorf("got  %+v\nwant %+v", rows[0], want)
	}
	if kept := b.row(want.ID); !reflect.DeepEqual(kept, want) {
		b.Errorf("kept %+v\nwant %+v", kept, want)
	}
}

func keptApart(b *bench) {
	b.enqueue(row(at("net", 1), "reply"), bulk(at("net", 1), "bulk"), row(at("other", 1), "elsewhere"), row(at("ne", 1), "prefix"))
	b.wantLease(outbox.Bulk, 5, start, "bulk")
	b.wantLease(outbox.Replies, 5, start, "reply")
	b.wantLease(outbox.Replies, 5, start)
}

func notDueYet(b *bench) {
	r := row(at("net", 1), "in a minute")
	r.NotBefore = start.Add(time.Minute)
	b.enqueue(r)
	rows, next := b.lease(outbox.Replies, 5, start)
	b.wantTexts(rows)
	if !next.Equal(r.NotBefore) {
		b.Errorf("the time to look again is %v, want %v", next, r.NotBefore)
	}
	b.wantLease(outbox.Replies, 5, r.NotBefore, "in a minute")
	b.settle(sent(b.rowOf(at("net", 1).ID)))
	if rows, next = b.lease(outbox.Replies, 5, r.NotBefore); len(rows) > 0 || !next.IsZero() {
		b.Errorf("nothing is left, but got %d rows and the time %v", len(rows), next)
	}
}

// clockSetBack enqueues under a clock that is seven hours ahead, as that of a
// machine which takes local time for UTC until it is corrected. What was to leave
// then must not wait for seven hours, nor keep what comes after it waiting.
func clockSetBack(b *bench) {
	ahead := row(at("net", 1), "under the wrong clock")
	ahead.Queued = start.Add(7 * time.Hour)
	retried := row(at("net", 2), "tried under it")
	retried.Queued, retried.NotBefore = ahead.Queued, ahead.Queued.Add(time.Second)
	waits := row(at("net", 3), "waits for its time")
	waits.NotBefore = start.Add(time.Hour)
	b.enqueue(ahead, retried, waits, row(at("net", 1), "under the right one"), row(at("net", 4), "somebody else's"))
	rows, next := b.lease(outbox.Replies, 5, start)
	b.wantTexts(rows, "somebody else's", "under the wrong clock", "tried under it")
	if !next.Equal(waits.NotBefore) {
		b.Errorf("the time to look again is %v, want %v", next, waits.NotBefore)
	}
	b.settle(sent(b.rowOf(at("net", 1).ID)))
	b.wantLease(outbox.Replies, 5, start, "under the right one")
}

// rowOf finds the one leased row of an address by walking the ids.
func (b *bench) rowOf(addressID string) outbox.Row {
	b.Helper()
	for id := uint64(1); id < 1000; id++ {
		r, ok, err := b.Row(b.Context(), id)
		if err == nil && ok && r.State == outbox.StateLeased && r.Address.ID == addressID {
			return r
		}
	}
	b.Fatalf("no row is leased for address %s", addressID)
	return outbox.Row{}
}

func keepsOrder(b *bench) {
	b.enqueue(row(at("net", 1), "a1"), row(at("net", 1), "a2"), row(at("net", 2), "b1"), row(at("net", 1), "a3"), bulk(at("net", 1), "a in bulk"))
	first := b.wantLease(outbox.Replies, 9, start, "a1", "b1")
	b.wantLease(outbox.Bulk, 9, start, "a in bulk")
	b.wantLease(outbox.Replies, 9, start)
	b.settle(sent(first[0]))
	second := b.wantLease(outbox.Replies, 9, start, "a2")
	b.settle(dead(second[0], outbox.Refused))
	b.wantLease(outbox.Replies, 9, start, "a3")
}

func retryHoldsBack(b *bench) {
	b.enqueue(row(at("net", 1), "a1"), row(at("net", 1), "a2"))
	rows := b.wantLease(outbox.Replies, 9, start, "a1")
	retry := start.Add(10 * time.Second)
	b.settle(again(rows[0], retry))
	rows, next := b.lease(outbox.Replies, 9, start.Add(time.Second))
	b.wantTexts(rows)
	if !next.Equal(retry) {
		b.Errorf("the time to look again is %v, want that of the next try, %v", next, retry)
	}
	rows = b.wantLease(outbox.Replies, 9, retry, "a1")
	if rows[0].Attempts != 1 || rows[0].LastError == "" || rows[0].PossiblyRepeated {
		b.Errorf("attempts %d, last error %q, possibly repeated %v; want 1, the error, false", rows[0].Attempts, rows[0].LastError, rows[0].PossiblyRepeated)
	}
	b.settle(sent(rows[0]))
	b.wantLease(outbox.Replies, 9, retry, "a2")
}

func skips(b *bench) {
	b.enqueue(row(at("net", 1), "a1"), row(at("net", 2), "b1"), row(at("net", 3), "c1"))
	rows, next := b.lease(outbox.Replies, 2, start, at("net", 1))
	b.wantTexts(rows, "b1", "c1")
	if next.IsZero() || next.After(start) {
		b.Errorf("a row that was passed over is due, but the time to look again is %v", next)
	}
	b.wantLease(outbox.Replies, 2, start, "a1")
}

func leaseRunsOut(b *bench) {
	b.enqueue(row(at("net", 1), "a1"), row(at("net", 1), "a2"))
	old := b.wantLease(outbox.Replies, 9, start, "a1")
	rows := b.wantLease(outbox.Replies, 9, start.Add(leaseTime), "a1")
	if !rows[0].PossiblyRepeated {
		b.Error("the row is not labelled as possibly repeated")
	}
	b.settle(sent(old[0]))
	if r := b.row(old[0].ID); r.State != outbox.StateLeased {
		b.Errorf("a settlement under the old lease made the row %v", r.State)
	}
	b.settle(sent(rows[0]))
	b.wantLease(outbox.Replies, 9, start.Add(leaseTime), "a2")
}

func recovers(b *bench) {
	b.enqueue(row(at("net", 1), "a1"), row(at("net", 2), "b1"), row(at("net", 3), "c1"))
	rows := b.wantLease(outbox.Replies, 2, start, "a1", "b1")
	b.settle(sent(rows[1]))
	b.Store = b.reopen()
	n, err := b.Recover(b.Context(), "net")
	if err != nil || n != 1 {
		b.Fatalf("recovered %d rows, error %v; want 1", n, err)
	}
	for _, r := range b.wantLease(outbox.Replies, 9, start, "a1", "c1") {
		if want := r.Message.Text == "a1"; r.PossiblyRepeated != want {
			b.Errorf("row %s is possibly repeated: %v, want %v", r.Message.Text, r.PossiblyRepeated, want)
		}
	}
	if n, err := b.Recover(b.Context(), "net"); err != nil || n != 2 {
		b.Errorf("recovered %d rows of those leased since, error %v; want 2", n, err)
	}
}

func recoversOneChannel(b *bench) {
	b.enqueue(row(at("net", 1), "a1"))
	b.wantLease(outbox.Replies, 2, start, "a1")
	if n, err := b.Recover(b.Context(), "other"); err != nil || n != 0 {
		b.Errorf("recovered %d rows, error %v; want none", n, err)
	}
	b.wantLease(outbox.Replies, 2, start)
}

func settlesMany(b *bench) {
	const n = 200
	var rows []outbox.Row
	for i := range n {
		rows = append(rows, bulk(at("net", i), fmt.Sprint("text ", i)))
	}
	b.enqueue(rows...)
	leased, _ := b.lease(outbox.Bulk, n+1, start)
	if len(leased) != n {
		b.Fatalf("leased %d rows, want %d", len(leased), n)
	}
	var list []outbox.Settlement
	for _, r := range leased {
		list = append(list, sent(r))
	}
	b.settle(list...)
	for _, r := range leased {
		if kept := b.row(r.ID); kept.State != outbox.StateSent || kept.Receipt != "m1" || kept.Attempts != 1 || kept.Message.Text != "" || kept.Settled.IsZero() {
			b.Fatalf("row %d was kept as %+v", r.ID, kept)
		}
	}
}

func staleSettlement(b *bench) {
	b.enqueue(row(at("net", 1), "a1"))
	rows := b.wantLease(outbox.Replies, 2, start, "a1")
	b.settle(sent(rows[0]))
	b.settle(again(rows[0], start))
	b.settle(sent(rows[0]))
	if r := b.row(rows[0].ID); r.State != outbox.StateSent {
		b.Errorf("a sent row was made %v by a second settlement", r.State)
	}
	b.wantLease(outbox.Replies, 2, start.Add(time.Hour))
}

func forgotten(b *bench) {
	b.enqueue(row(at("net", 1), "a1"), row(at("net", 1), "a2"), row(at("net", 2), "b1"))
	rows := b.wantLease(outbox.Replies, 2, start, "a1", "b1")
	if err := b.Forget(b.Context(), at("net", 1)); err != nil {
		b.Fatalf("forget: %v", err)
	}
	shut := dead(rows[0], outbox.Unreachable)
	shut.Shut = true
	b.settle(sent(rows[0]), sent(rows[1]))
	b.settle(shut, again(rows[0], start))
	if r, ok, err := b.Row(b.Context(), rows[0].ID); ok || err != nil {
		b.Errorf("the forgotten row is back: %+v, error %v", r, err)
	}
	b.wantLease(outbox.Replies, 2, start.Add(time.Hour))
}

func shuts(b *bench) {
	b.enqueue(row(at("net", 1), "a1"), row(at("net", 1), "a2"), bulk(at("net", 1), "a in bulk"), row(at("net", 2), "b1"), row(at("net", 11), "c1"))
	rows := b.wantLease(outbox.Replies, 1, start, "a1")
	s := dead(rows[0], outbox.Unreachable)
	s.Shut = true
	b.settle(s)
	if shut, err := b.IsShut(b.Context(), at("net", 1)); err != nil || !shut {
		b.Errorf("the address is marked as shut: %v, error %v", shut, err)
	}
	if shut, err := b.IsShut(b.Context(), at("net", 2)); err != nil || shut {
		b.Errorf("another address is marked as shut: %v, error %v", shut, err)
	}
	list, err := b.Dead(b.Context(), 0, 9)
	if err != nil {
		b.Fatalf("list dead rows: %v", err)
	}
	b.wantTexts(list, "a1", "a2", "a in bulk")
	for _, r := range list {
		if r.Reason != outbox.Unreachable || r.Settled.IsZero() {
			b.Errorf("%s: reason %q, settled %v", r.Message.Text, r.Reason, r.Settled)
		}
	}
	b.wantLease(outbox.Bulk, 9, start)
	b.wantLease(outbox.Replies, 9, start, "b1", "c1")
}

func moves(b *bench) {
	b.enqueue(row(at("net", 1), "a1"), row(at("net", 1), "a2"))
	rows := b.wantLease(outbox.Replies, 1, start, "a1")
	s := again(rows[0], time.Time{})
	s.Row.Address = at("net", 7)
	b.settle(s)
	for _, r := range b.wantLease(outbox.Replies, 9, start, "a1", "a2") {
		if want := map[string]string{"a1": "7", "a2": "1"}[r.Message.Text]; r.Address.ID != want {
			b.Errorf("%s goes to %s, want %s", r.Message.Text, r.Address.ID, want)
		}
	}
}

func listsDead(b *bench) {
	for i := range 5 {
		b.enqueue(row(at("net", i), fmt.Sprint("text ", i)))
	}
	rows := b.wantLease(outbox.Replies, 4, start, "text 0", "text 1", "text 2", "text 3")
	b.settle(dead(rows[3], outbox.Exhausted), sent(rows[2]), dead(rows[0], outbox.TooLong), dead(rows[1], outbox.Refused))
	page, err := b.Dead(b.Context(), 0, 2)
	if err != nil {
		b.Fatalf("list dead rows: %v", err)
	}
	b.wantTexts(page, "text 0", "text 1")
	if page, err = b.Dead(b.Context(), page[1].ID, 2); err != nil {
		b.Fatalf("list dead rows: %v", err)
	}
	b.wantTexts(page, "text 3")
	if page[0].Reason != outbox.Exhausted {
		b.Errorf("reason %q, want %q", page[0].Reason, outbox.Exhausted)
	}
}

func revives(b *bench) {
	b.enqueue(row(at("net", 1), "a1"), row(at("net", 2), "b1"))
	rows := b.wantLease(outbox.Replies, 2, start, "a1", "b1")
	b.settle(dead(rows[0], outbox.Exhausted), sent(rows[1]))
	now := start.Add(time.Hour)
	for i, want := range []bool{true, false} {
		if ok, err := b.Revive(b.Context(), rows[0].ID, now); err != nil || ok != want {
			b.Errorf("revive, time %d: %v, error %v; want %v", i+1, ok, err, want)
		}
	}
	if ok, err := b.Revive(b.Context(), rows[1].ID, now); err != nil || ok {
		b.Errorf("a sent row was revived: %v, error %v", ok, err)
	}
	if ok, err := b.Revive(b.Context(), 1<<40, now); err != nil || ok {
		b.Errorf("a row that never was is revived: %v, error %v", ok, err)
	}
	if list, err := b.Dead(b.Context(), 0, 9); err != nil || len(list) > 0 {
		b.Errorf("%d dead rows are left, error %v", len(list), err)
	}
	back := b.wantLease(outbox.Replies, 9, now, "a1")
	if back[0].Attempts != 0 || back[0].Reason != "" || !back[0].Settled.IsZero() {
		b.Errorf("the row came back as %+v", back[0])
	}
}

func survives(b *bench) {
	b.enqueue(row(at("net", 1), "a1"), row(at("net", 2), "b1"), row(at("net", 1), "a2"))
	rows := b.wantLease(outbox.Replies, 2, start, "a1", "b1")
	b.settle(dead(rows[0], outbox.Refused), sent(rows[1]))
	b.enqueue(row(at("net", 9), "last"))
	last := b.wantLease(outbox.Replies, 9, start, "a2", "last")[1].ID
	if err := b.Forget(b.Context(), at("net", 9)); err != nil {
		b.Fatalf("forget: %v", err)
	}
	b.Store = b.reopen()
	if r := b.row(rows[0].ID); r.State != outbox.StateDead || r.Reason != outbox.Refused {
		b.Errorf("the dead row came back as %v, %q", r.State, r.Reason)
	}
	b.enqueue(row(at("net", 3), "c1"))
	if r := b.wantLease(outbox.Replies, 9, start, "c1")[0]; r.ID <= last {
		b.Errorf("a new row has id %d; %d was given before", r.ID, last)
	}
	if n, err := b.Recover(b.Context(), "net"); err != nil || n != 2 {
		b.Errorf("recovered %d rows, error %v; want the one leased before and the one since", n, err)
	}
}
