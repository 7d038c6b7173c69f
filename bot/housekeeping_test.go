package bot

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"sachhon/bot/store"
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
