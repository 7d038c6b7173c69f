package bot

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/outbox"
	"sachhon/bot/store"
	"sachhon/bot/store/storetest"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// TestRecipientsAreKeptForAYearAndAMonth sends a broadcast and tidies the house
// over time: who had it is dropped in the end, how many had it stays.
func TestRecipientsAreKeptForAYearAndAMonth(t *testing.T) {
	s := openStage(t, 5)
	people := []string{"web:an", "web:binh", "web:cuc"}
	for _, person := range people {
		ask(t, s, person, "/menu")
	}
	v, err := s.bot.CreateBroadcast(t.Context(), BroadcastSpec{Title: "Mời", Kind: "service", Segment: json.RawMessage(`{}`),
		Text: dialogs.Text{VI: "Trung tâm dời sang nhà B.", EN: "The centre moves to house B."}}, "test")
	if err != nil {
		t.Fatal(err)
	}
	pass(t, s, time.Minute)
	if _, err := s.bot.feeder.feedAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	ended := castOf(t, s, v.ID)
	if ended.Status != scheduler.Done || ended.Counts.Sent != len(people) {
		t.Fatalf("it is %s: %s", ended.Status, ended.Counts.String())
	}
	for _, step := range []struct {
		after time.Duration
		kept  int
	}{{scheduler.RecipientLife - time.Hour, len(people)}, {2 * time.Hour, 0}, {day, 0}} {
		s.now = s.now.Add(step.after)
		before := recipientsOf(t, s, v.ID)
		did, err := s.bot.tidy(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if says := strings.Contains(did, fmt.Sprintf("%d recipients of broadcasts", before)); says != (before > step.kept) {
			t.Errorf("%s after its end the housekeeping says %q", s.now.Sub(ended.Ended), did)
		}
		if kept := recipientsOf(t, s, v.ID); kept != step.kept {
			t.Errorf("%s after its end %d recipients are kept, want %d", s.now.Sub(ended.Ended), kept, step.kept)
		}
		now := castOf(t, s, v.ID)
		if now.Counts.String() != ended.Counts.String() || now.Thinned.IsZero() != (step.kept > 0) {
			t.Errorf("%s after its end it says %s, thinned %s", s.now.Sub(ended.Ended), now.Counts.String(), now.Thinned)
		}
		why, err := s.bot.BroadcastRecipient(t.Context(), v.ID, people[0])
		if err != nil || strings.Contains(why.Words.EN, "no longer") != (step.kept == 0) {
			t.Errorf("%s after its end why says %q, %v", s.now.Sub(ended.Ended), why.Words.EN, err)
		}
	}
	before := s.bot.store.Commits()
	if did, err := s.bot.tidy(t.Context()); err != nil || s.bot.store.Commits() != before || did != "nothing was old enough to drop" {
		t.Errorf("a house that is tidy costs %d commits and is told as %q, %v", s.bot.store.Commits()-before, did, err)
	}
}

// TestDeadLettersAreKeptForAMonth gives up more messages than a report shows and
// tidies the house over time: the latest are shown, and after a month none is kept.
func TestDeadLettersAreKeptForAMonth(t *testing.T) {
	s := openStage(t, 5)
	at := channel.Address{Channel: "net", ID: "an"}
	err := s.bot.store.Update(t.Context(), func(tx *store.Tx) error {
		for n := range maxDeadShown + 20 {
			row := outbox.Row{Lane: outbox.Replies, Address: at, Message: dialogs.Message{Text: fmt.Sprint("tin ", n)}, Queued: s.now}
			if err := tx.Enqueue(row); err != nil {
				return err
			}
		}
		return tx.ShutAddress(at, s.now)
	})
	if err != nil {
		t.Fatal(err)
	}
	rep, err := s.bot.Outbox(t.Context())
	if err != nil || len(rep.Dead) != maxDeadShown || rep.Dead[0].ID < rep.Dead[1].ID || rep.Dead[0].ID < maxDeadShown+20 {
		t.Fatalf("of %d letters %d are shown, the first is %+v, %v", maxDeadShown+20, len(rep.Dead), rep.Dead[0], err)
	}
	for _, step := range []struct {
		after time.Duration
		kept  int
	}{{deadLetterLife - time.Hour, maxDeadShown}, {2 * time.Hour, 0}} {
		s.now = s.now.Add(step.after)
		did, err := s.bot.tidy(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if rep, err = s.bot.Outbox(t.Context()); err != nil || len(rep.Dead) != step.kept {
			t.Errorf("after %s more %d letters are shown, %v; the housekeeping says %q", step.after, len(rep.Dead), err, did)
		}
		storetest.Check(t, s.bot.store)
	}
}

func castOf(t *testing.T, s *Stage, id string) (c scheduler.Broadcast) {
	t.Helper()
	err := s.bot.store.View(t.Context(), func(tx *store.Tx) (err error) {
		c, _, err = tx.Broadcast(id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func recipientsOf(t *testing.T, s *Stage, id string) (n int) {
	t.Helper()
	err := s.bot.store.View(t.Context(), func(tx *store.Tx) error {
		return tx.Recipients(id, "", func(string, *scheduler.Recipient) bool { n++; return true })
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
