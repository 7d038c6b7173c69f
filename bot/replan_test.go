package bot

import (
	"fmt"
	"testing"
	"time"

	"sachhon/bot/store"
	"sachhon/dialogs"
	"sachhon/scheduler"
)

// TestLookingAtEverybodyDoesNotHoldTheWriter has plans for all subscribers but
// one: only that one costs a transaction in which nobody else could talk.
func TestLookingAtEverybodyDoesNotHoldTheWriter(t *testing.T) {
	s := openStage(t, 5)
	b := s.bot
	const many = 3000
	err := b.store.Update(t.Context(), func(tx *store.Tx) error {
		for i := range many {
			c := dialogs.Contact{ID: fmt.Sprintf("c%04d", i), Lang: dialogs.Vietnamese, Addresses: []string{fmt.Sprintf("web:c%04d", i)}, Created: s.now}
			weekly{Sector: "wood", Day: time.Tuesday, Hour: 8}.keep(&c)
			c.Consents = []dialogs.Consent{{Purpose: dialogs.PurposeTips, Given: true, At: s.now}}
			if err := tx.PutContact(&c); err != nil {
				return err
			}
			if err := tx.PutAddress(c.Addresses[0], c.ID, false); err != nil {
				return err
			}
			if i == many/2 {
				continue
			}
			if err := tx.Plan(scheduler.Job{Kind: scheduler.TipDue, Key: c.ID, At: s.now.Add(day)}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	before := b.store.Commits()
	n, err := b.replanTips(t.Context())
	if err != nil || n != many {
		t.Fatalf("%d subscriptions, %v", n, err)
	}
	if took := b.store.Commits() - before; took != 2 { // the one, and the note that it is done
		t.Errorf("%d transactions for one who had no plan", took)
	}
	err = b.store.View(t.Context(), func(tx *store.Tx) error {
		j, ok, err := tx.Planned(scheduler.TipDue, fmt.Sprintf("c%04d", many/2))
		if !ok || j.At.Before(s.now) {
			t.Errorf("the one without a plan has %v, %t", j, ok)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestStartGoesThroughEverybodyOnlyForOtherContent says when a start plans anew:
// never before, with other content, with another program.
func TestStartGoesThroughEverybodyOnlyForOtherContent(t *testing.T) {
	s := openStage(t, 5)
	if !s.bot.plansDiffer() {
		t.Error("a fresh store is taken for planned")
	}
	s = restarted(t, s, "") // plans anew
	if s.bot.plansDiffer() {
		t.Error("the same content is taken for another one")
	}
	s.bot.version += "-next"
	if !s.bot.plansDiffer() {
		t.Error("another program is not noticed")
	}
	again, err := NewStage(t.TempDir(), withCampaigns(t, campaignsYAML(t)+"\n# edited\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if s.bot.planBasis() == again.bot.planBasis() {
		t.Error("other content is not noticed")
	}
}
