package bot

import (
	"context"
	"fmt"
	"testing"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/outbox"
	"sachhon/bot/store"
	"sachhon/dialogs"
)

// correspondent is somebody on a network that is sent to and can edit.
type correspondent struct {
	t  testing.TB
	b  *Bot
	at channel.Address
	n  int
}

func newCorrespondent(t testing.TB, b *Bot) *correspondent {
	b.turns.channels["net"] = channel.Capabilities{Buttons: 20, Text: 4096, Marked: true, Files: true, Edits: true}
	return &correspondent{t: t, b: b, at: channel.Address{Channel: "net", ID: "7"}}
}

// does receives one thing and returns the rows that it put into the outbox.
func (c *correspondent) does(in channel.Incoming) []outbox.Row {
	c.t.Helper()
	c.n++
	in.Address, in.ID = c.at, fmt.Sprint(c.n)
	if err := c.b.committer.Receive(context.Background(), in); err != nil {
		c.t.Fatal(err)
	}
	return c.taken()
}

func (c *correspondent) says(text string) []outbox.Row {
	c.t.Helper()
	return c.does(channel.Incoming{Input: dialogs.Say(text)})
}

// presses presses the button with this label under a row, which the network
// calls "m".
func (c *correspondent) presses(row outbox.Row, label string) []outbox.Row {
	c.t.Helper()
	for _, line := range row.Message.Buttons {
		for _, b := range line {
			if b.Label == label {
				return c.does(channel.Incoming{Input: dialogs.Press(b.ID), Under: "m"})
			}
		}
	}
	c.t.Fatalf("there is no button %q under %q", label, row.Message.Text)
	return nil
}

// taken takes everything off the outbox, as if it had been sent.
func (c *correspondent) taken() []outbox.Row {
	c.t.Helper()
	var all []outbox.Row
	for lane := range outbox.Lanes {
		for {
			now := time.Now().Add(time.Second)
			rows, _, err := c.b.store.Outbox().Lease(context.Background(), outbox.Claim{Channel: "net", Lane: lane, Most: 1, Now: now, Until: now.Add(time.Hour)})
			if err != nil {
				c.t.Fatal(err)
			}
			if len(rows) == 0 {
				break
			}
			all = append(all, rows[0])
			done := rows[0]
			done.State, done.Settled = outbox.StateSent, now
			if err := c.b.store.Outbox().Settle(context.Background(), []outbox.Settlement{{Row: done, Lease: rows[0].LeasedUntil}}); err != nil {
				c.t.Fatal(err)
			}
		}
	}
	return all
}

func TestShortMenusGiveWayAndAnswersStay(t *testing.T) {
	b := openBot(t)
	class := addClass(t, b, 5)
	c := newCorrespondent(t, b)
	menu := c.says("/menu")
	if len(menu) != 1 || menu[0].Replaces != "" {
		t.Fatalf("the menu is %+v, want one new message", menu)
	}
	lang := c.presses(menu[0], "Ngôn ngữ (Language)")
	if len(lang) != 1 || lang[0].Replaces != "m" {
		t.Errorf("the language choice does not take the place of the menu: %+v", lang)
	}
	intro := c.says("/start class_" + class)
	consent := c.presses(intro[0], "Đăng ký")
	if len(consent) != 1 || consent[0].Replaces != "" {
		t.Errorf("the class people looked at gave way: %+v", consent)
	}
	c.says("xin chào") // not the last thing said any more
	if old := c.presses(menu[0], "Đăng ký của tôi"); len(old) == 0 || old[0].Replaces != "" {
		t.Errorf("a menu far up was changed: %+v", old)
	}
}

func TestThoseWhoShutTheBotOutGetNothing(t *testing.T) {
	b := openBot(t)
	c := newCorrespondent(t, b)
	if rows := c.does(channel.Incoming{Standing: channel.StandingBlocked}); len(rows) != 0 {
		t.Errorf("a stranger who shut the bot out was written to: %+v", rows)
	}
	if rows := c.says("/menu"); len(rows) != 1 {
		t.Fatalf("who came back got %d messages, want the menu", len(rows))
	}
	err := b.store.Update(context.Background(), func(tx *store.Tx) error {
		return tx.Enqueue(outbox.Row{Lane: outbox.Bulk, Address: c.at, Message: dialogs.Message{Text: "tin"}, Queued: time.Now()})
	})
	if err != nil {
		t.Fatal(err)
	}
	if rows := c.does(channel.Incoming{Standing: channel.StandingBlocked}); len(rows) != 0 {
		t.Errorf("after the block %d messages were still to be sent", len(rows))
	}
	if rows := c.does(channel.Incoming{Standing: channel.StandingBack, Quiet: true}); len(rows) != 0 {
		t.Errorf("coming back was answered: %+v", rows)
	}
	if rows := c.says("/menu"); len(rows) != 1 {
		t.Errorf("who came back got %d messages, want the menu", len(rows))
	}
}

func TestWhatArrivesLateIsAnsweredOnce(t *testing.T) {
	b := openBot(t)
	c := newCorrespondent(t, b)
	b.now = func() time.Time { return time.Now().Add(-4 * time.Hour) }
	c.says("/hoi")
	b.now = time.Now
	ago := func(d time.Duration) time.Time { return time.Now().Add(-d) }
	first := c.does(channel.Incoming{Input: dialogs.Say("Lớp có chỗ gửi xe tải không?"), At: ago(3 * time.Hour)})
	if len(first) < 2 || first[0].Message.Text == "" {
		t.Fatalf("the first late message got %+v, want an excuse and the answer", first)
	}
	excuse := b.turns.engine.Load().Library().Text("turn.late").VI
	if got := first[0].Message.Text; got[:20] != excuse[:20] {
		t.Errorf("the excuse is %q", got)
	}
	if rows := c.does(channel.Incoming{Input: dialogs.Say("alo?"), At: ago(2 * time.Hour)}); len(rows) != 0 {
		t.Errorf("what was said while nobody answered was answered: %+v", rows)
	}
	stop := c.does(channel.Incoming{Input: dialogs.Say("dừng nhận tin"), At: ago(time.Hour)})
	if len(stop) == 0 {
		t.Error("a command that came late was not carried out")
	}
	var refused bool
	if err := b.store.View(context.Background(), func(tx *store.Tx) error {
		id, _, _, err := tx.Address(c.at.String())
		if err != nil {
			return err
		}
		contact, _, err := tx.Contact(id)
		refused = !contact.OptedOut.IsZero()
		return err
	}); err != nil || !refused {
		t.Errorf("promotion is still allowed, %v", err)
	}
	if rows := c.says("/menu"); len(rows) != 1 {
		t.Errorf("an ordinary message got %d answers, want 1", len(rows))
	}
}

func TestQuietThingsAreKeptAndNotAnswered(t *testing.T) {
	b := openBot(t)
	c := newCorrespondent(t, b)
	c.says("/menu")
	picture := dialogs.Input{Kind: dialogs.InputFile, File: dialogs.Media{Kind: dialogs.Image, Name: "anh.jpg", Ref: "net:1"}}
	if rows := c.does(channel.Incoming{Input: picture, Quiet: true}); len(rows) != 0 {
		t.Errorf("the second picture of an album was answered: %+v", rows)
	}
	entries, err := b.transcript(context.Background(), c.at, 0, 10)
	if err != nil || len(entries[len(entries)-1].Message.Media) != 1 {
		t.Errorf("the picture is not in the conversation: %+v, %v", entries, err)
	}
}
