package bot

import (
	"context"
	"strings"
	"testing"

	"sachhon/bot/desk"
	"sachhon/bot/store"
	"sachhon/content"
	"sachhon/dialogs"
)

// ask lets somebody say things one after the other and returns what they were
// told to the last.
func ask(t *testing.T, s *Stage, person string, texts ...string) string {
	t.Helper()
	for _, text := range texts {
		told(t, s, person)
		if err := s.Say(person, dialogs.Say(text)); err != nil {
			t.Fatal(err)
		}
	}
	return told(t, s, person)
}

// votes of a tip, as the store counts them.
func votes(t *testing.T, s *Stage, tip string) [2]int {
	t.Helper()
	var useful, not int
	err := s.bot.store.View(context.Background(), func(tx *store.Tx) (err error) {
		useful, not, err = tx.Votes(tip)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return [2]int{useful, not}
}

// whoIs is what is kept of a person.
func whoIs(t *testing.T, s *Stage, person string) (c dialogs.Contact) {
	t.Helper()
	err := s.bot.store.View(context.Background(), func(tx *store.Tx) error {
		id, _, _, err := tx.Address(person)
		if err != nil {
			return err
		}
		c, _, err = tx.Contact(id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestVotesCountOncePerPersonAndCanBeChanged(t *testing.T) {
	s := openStage(t, 5)
	ask(t, s, "web:an", "/start tip_t05", "Hữu ích", "/start tip_t05", "Hữu ích")
	if got := votes(t, s, "t05"); got != [2]int{1, 0} {
		t.Errorf("the same twice counts %v", got)
	}
	ask(t, s, "web:binh", "/start tip_t05", "Hữu ích")
	if got := votes(t, s, "t05"); got != [2]int{2, 0} {
		t.Errorf("two people count %v", got)
	}
	ask(t, s, "web:an", "/start tip_t05", "Chưa hữu ích")
	if got := votes(t, s, "t05"); got != [2]int{1, 1} {
		t.Errorf("a changed mind counts %v", got)
	}
	if said := ask(t, s, "web:an", "/riengtu"); !strings.Contains(said, "Số mẹo đã nhận xét: 1") {
		t.Errorf("what is kept is told as %q", said)
	}
	ask(t, s, "web:an", "Xóa tất cả", "Xóa tất cả")
	if got := votes(t, s, "t05"); got != [2]int{1, 1} {
		t.Errorf("deleting a person changed the count to %v", got)
	}
}

// TestButtonsOfAnOlderTipNeverCountForTheNewer: every tip is a talk of its own.
func TestButtonsOfAnOlderTipNeverCountForTheNewer(t *testing.T) {
	s := openStage(t, 5)
	if err := s.Say("web:an", dialogs.Say("/start tip_t05")); err != nil {
		t.Fatal(err)
	}
	heard, err := s.Heard("web:an")
	if err != nil {
		t.Fatal(err)
	}
	old := ""
	for _, row := range heard[len(heard)-1].Buttons {
		for _, b := range row {
			if b.Label == "Hữu ích" {
				old = b.ID
			}
		}
	}
	ask(t, s, "web:an", "Mẹo khác")
	if err := s.Say("web:an", dialogs.Press(old)); err != nil {
		t.Fatal(err)
	}
	for _, tip := range s.bot.set.Load().Tips() {
		if got := votes(t, s, tip.ID); got != [2]int{} {
			t.Errorf("%s counts %v", tip.ID, got)
		}
	}
}

// TestAnotherTipIsNeverTheSame goes through every list with “Mẹo khác”: the tip
// changes each time, and all of the list come before the first comes again.
func TestAnotherTipIsNeverTheSame(t *testing.T) {
	s := openStage(t, 5)
	a := s.bot.turns.desk
	subjects := a.articles().Subjects()
	for _, list := range [][]content.Subject{subjects.Sectors, subjects.Topics} {
		for _, subject := range list {
			shelf := a.tipShelf(subject.Key)
			if len(shelf) < 2 {
				continue
			}
			seen := map[string]bool{}
			at := shelf[0]
			for range shelf {
				seen[at.ID] = true
				id, key, _ := strings.Cut(a.tipAfter(&at, subject.Key), "_")
				if id == at.ID || key != subject.Key {
					t.Fatalf("after %s of %s comes %s of %s", at.ID, subject.Key, id, key)
				}
				at, _ = a.articles().Tip(id)
			}
			if len(seen) != len(shelf) || at.ID != shelf[0].ID {
				t.Errorf("%s: %d of %d tips came", subject.Key, len(seen), len(shelf))
			}
		}
	}
}

func TestLeafletLinkKeepsWhereItWasHandedOut(t *testing.T) {
	s := openStage(t, 5)
	if said := ask(t, s, "web:an", "/start leaflet_L3-src_P12"); !strings.Contains(said, "**Điện và khí nén** (1/3)") {
		t.Errorf("said %q", said)
	}
	if c := whoIs(t, s, "web:an"); c.Source != "P12" {
		t.Errorf("the source is %q", c.Source)
	}
}

// TestWordsTypedOnceReachAPerson: the question that found nothing is the one
// the staff read.
func TestWordsTypedOnceReachAPerson(t *testing.T) {
	s := openStage(t, 5)
	const words = "toi nay doi bong nao da vay troi"
	if said := ask(t, s, "web:an", words, "Gửi cán bộ"); !strings.Contains(said, "“"+words+"”") {
		t.Errorf("said %q", said)
	}
	var list []desk.Question
	err := s.bot.store.View(context.Background(), func(tx *store.Tx) error {
		return tx.Questions(func(q desk.Question) bool {
			list = append(list, q)
			return true
		})
	})
	if err != nil || len(list) != 1 || list[0].Text != words {
		t.Errorf("the inbox holds %+v, %v", list, err)
	}
}
