package store

import (
	"encoding/binary"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"sachhon/bot/channel"
	"sachhon/bot/outbox"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// withTips is a store with two people, each with a tip that was sent at now.
func withTips(t *testing.T, folder string, now time.Time) *Store {
	t.Helper()
	s, err := Open(folder, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), func(tx *Tx) error {
		for _, id := range []string{"an", "ann"} {
			c := dialogs.Contact{ID: id, Created: now, Addresses: []string{"net:" + id}}
			steps := []error{tx.PutContact(&c), tx.PutAddress("net:"+id, id, false), tx.PutFate(id, "tip/t01", scheduler.Fate{At: now}), tx.PutGot(id, "tip/t01", now)}
			for _, err := range steps {
				if err != nil {
					return err
				}
			}
		}
		return tx.PutGot("", "leaflet/2027/wood", now)
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fatesOf lists what became of everything for somebody.
func fatesOf(t *testing.T, s *Store, contact string) map[string]scheduler.Fate {
	t.Helper()
	all := map[string]scheduler.Fate{}
	err := s.View(t.Context(), func(tx *Tx) error {
		return tx.Fates(contact, func(push string, f scheduler.Fate) bool {
			all[push] = f
			return true
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, problems, err := s.Check(t.Context()); err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
	return all
}

func TestFatesGoWithThePersonAndWithTime(t *testing.T) {
	now := time.Unix(1_800_000_000, 0).UTC()
	s := withTips(t, t.TempDir(), now)
	defer s.Close()
	err := s.Update(t.Context(), func(tx *Tx) error {
		if err := tx.PutFate("ann", "tip/t02", scheduler.Fate{At: now.Add(time.Hour)}); err != nil {
			return err
		}
		return tx.Forget("an", now)
	})
	if err != nil {
		t.Fatal(err)
	}
	if an, ann := fatesOf(t, s, "an"), fatesOf(t, s, "ann"); len(an) != 0 || len(ann) != 2 {
		t.Errorf("after an was forgotten: %v, %v", an, ann)
	}
	for from, first := "", true; first || from != ""; first = false {
		err := s.Update(t.Context(), func(tx *Tx) (err error) {
			from, err = tx.PruneFates(now.Add(time.Minute), from, 1)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	ann := fatesOf(t, s, "ann")
	if _, kept := ann["tip/t02"]; !kept || len(ann) != 1 {
		t.Errorf("after the old ones were dropped: %v", ann)
	}
}

// TestWhatTheNetworkGivesUpIsNotCalledSent follows the message of a tip: it is
// given up when the person blocks the bot, and revived.
func TestWhatTheNetworkGivesUpIsNotCalledSent(t *testing.T) {
	now := time.Unix(1_800_000_000, 0).UTC()
	s := withTips(t, t.TempDir(), now)
	defer s.Close()
	at := channel.Address{Channel: "net", ID: "an"}
	err := s.Update(t.Context(), func(tx *Tx) error {
		row := outbox.Row{Lane: outbox.Bulk, Address: at, Message: dialogs.Message{Text: "mẹo"}, Queued: now, Key: PushKey("an", "tip/t01")}
		if err := tx.Enqueue(row); err != nil {
			return err
		}
		return tx.ShutAddress(at, now.Add(time.Hour))
	})
	if err != nil {
		t.Fatal(err)
	}
	if f := fatesOf(t, s, "an")["tip/t01"]; f.State != scheduler.FateFailed || f.Reason != scheduler.BlockedChannel || !f.At.Equal(now.Add(time.Hour)) {
		t.Errorf("after the block: %+v", f)
	}
	if f := fatesOf(t, s, "ann")["tip/t01"]; f.State != scheduler.FateSent {
		t.Errorf("the other's: %+v", f)
	}
	dead, err := s.Outbox().Dead(t.Context(), 0, 10)
	if err != nil || len(dead) != 1 {
		t.Fatalf("%d dead, %v", len(dead), err)
	}
	if ok, err := s.Outbox().Revive(t.Context(), dead[0].ID, now.Add(2*time.Hour)); err != nil || !ok {
		t.Fatal(ok, err)
	}
	if f := fatesOf(t, s, "an")["tip/t01"]; f.State != scheduler.FateSent || !f.At.Equal(now.Add(2*time.Hour)) {
		t.Errorf("after it was revived: %+v", f)
	}
}

// TestRefusedPromotionIsWithdrawn has a tip and a reminder wait to leave when
// their reader wants no more promotion.
func TestRefusedPromotionIsWithdrawn(t *testing.T) {
	now := time.Unix(1_800_000_000, 0).UTC()
	s := withTips(t, t.TempDir(), now)
	defer s.Close()
	at := channel.Address{Channel: "net", ID: "an"}
	err := s.Update(t.Context(), func(tx *Tx) error {
		for _, key := range []string{PromotionKey("an", "tip/t01"), PushKey("an", "reminder/1")} {
			if err := tx.Enqueue(outbox.Row{Lane: outbox.Bulk, Address: at, Message: dialogs.Message{Text: "tin"}, Queued: now, Key: key}); err != nil {
				return err
			}
		}
		return tx.Withdraw(&dialogs.Contact{ID: "an", Addresses: []string{at.String()}, OptedOut: now}, func(string) scheduler.Reason { return scheduler.OptedOut }, now)
	})
	if err != nil {
		t.Fatal(err)
	}
	rows, _, err := s.Outbox().Lease(t.Context(), outbox.Claim{Channel: "net", Lane: outbox.Bulk, Most: 5, Now: now, Until: now.Add(time.Minute)})
	if err != nil || len(rows) != 1 || rows[0].Key != PushKey("an", "reminder/1") {
		t.Errorf("%d messages leave, %v", len(rows), err)
	}
	if f := fatesOf(t, s, "an")["tip/t01"]; f.State != scheduler.FateDropped || f.Reason != scheduler.OptedOut {
		t.Errorf("of the tip is kept %+v", f)
	}
	err = s.View(t.Context(), func(tx *Tx) error {
		got, err := tx.Got("an")
		if slices.Contains(got, "tip/t01") {
			t.Error("the tip counts as one that they had, and would not come when they want tips again")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestOneBrokenRecordStopsNoOthersMessages settles a message of a broadcast whose
// record cannot be read, and a reply to somebody else.
func TestOneBrokenRecordStopsNoOthersMessages(t *testing.T) {
	now := time.Unix(1_800_000_000, 0).UTC()
	s := withTips(t, t.TempDir(), now)
	defer s.Close()
	err := s.Update(t.Context(), func(tx *Tx) error {
		for id, key := range map[string]string{"an": castPrefix + "b1:an", "ann": ""} {
			row := outbox.Row{Lane: outbox.Bulk, Address: channel.Address{Channel: "net", ID: id}, Message: dialogs.Message{Text: "tin"}, Queued: now, Key: key}
			if err := tx.Enqueue(row); err != nil {
				return err
			}
		}
		return tx.tx.Bucket(bCasts).Put([]byte("b1"), []byte{255, 255})
	})
	if err != nil {
		t.Fatal(err)
	}
	claim := outbox.Claim{Channel: "net", Lane: outbox.Bulk, Most: 5, Now: now, Until: now.Add(time.Minute)}
	rows, _, err := s.Outbox().Lease(t.Context(), claim)
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d messages are leased, %v", len(rows), err)
	}
	var all []outbox.Settlement
	for _, r := range rows {
		as := outbox.Settlement{Row: r, Lease: r.LeasedUntil}
		as.Row.State, as.Row.LeasedUntil, as.Row.Settled = outbox.StateSent, time.Time{}, now
		all = append(all, as)
	}
	err = s.Outbox().Settle(t.Context(), all)
	if _, ok := errors.AsType[*outbox.Uncounted](err); !ok || !strings.Contains(err.Error(), "b1") {
		t.Errorf("settling says %v", err)
	}
	claim.Now = now.Add(time.Hour)
	if rows, _, err := s.Outbox().Lease(t.Context(), claim); err != nil || len(rows) != 0 {
		t.Errorf("an hour later %d messages are sent again, %v", len(rows), err)
	}
}

// TestSchemaTwoKnowsWhatWasSent brings a file from before the fates were kept up
// to date: what was sent then is told of.
func TestSchemaTwoKnowsWhatWasSent(t *testing.T) {
	now := time.Unix(1_800_000_000, 0).UTC()
	folder := t.TempDir()
	s := withTips(t, folder, now)
	err := s.db.Update(func(tx *bolt.Tx) error {
		if err := tx.DeleteBucket(bFates); err != nil {
			return err
		}
		return tx.Bucket(bMeta).Put(schemaKey, binary.BigEndian.AppendUint64(nil, 2))
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(folder, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, id := range []string{"an", "ann"} {
		if all := fatesOf(t, s, id); len(all) != 1 || all["tip/t01"].State != scheduler.FateSent || !all["tip/t01"].At.Equal(now) {
			t.Errorf("%s: %+v", id, all)
		}
	}
}
