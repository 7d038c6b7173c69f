package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"sachhon/bot"
	"sachhon/dialogs"
)

type broadcastCmd struct {
	List    broadcastListCmd    `cmd:"" help:"List broadcasts, the latest first."`
	Show    broadcastShowCmd    `cmd:"" help:"Show how a broadcast stands; --watch follows it."`
	Create  broadcastCreateCmd  `cmd:"" help:"Make a broadcast of a JSON file, as the API takes it; prints its id."`
	Preview broadcastPreviewCmd `cmd:"" help:"Say who would get it and who not and why; nothing is kept."`
	Test    broadcastTestCmd    `cmd:"" help:"Send its message to one contact, to look at it."`
	Reword  broadcastRewordCmd  `cmd:"" help:"Change title or words for those who have not got it; one that is sending must be paused first."`
	Pause   broadcastPauseCmd   `cmd:"" help:"Stop sending for now."`
	Resume  broadcastResumeCmd  `cmd:"" help:"Go on with a paused broadcast, or begin a draft at its time."`
	Cancel  broadcastCancelCmd  `cmd:"" help:"End a broadcast; who has not got it never will."`
}

type broadcastListCmd struct{}

// Run lists the broadcasts as a table.
func (broadcastListCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return withClient(ctx, env, all, func(cl *client, zone *time.Location) error {
		var list []bot.BroadcastView
		if err := cl.call(ctx, "/broadcasts", nil, nil, &list); err != nil {
			return err
		}
		w := tabwriter.NewWriter(env.out, 0, 4, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tSTATUS\tKIND\tSEND AT\tTOTAL\tSENT\tFAILED\tSKIPPED\tPENDING\tTITLE")
		for _, b := range list {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%d\t%d\t%d\t%d\t%s\n", b.ID, b.Status, b.Kind, b.SendAt.In(zone).Format("2006-01-02 15:04"),
				b.Counts.Total, b.Counts.Sent, b.Counts.Failed, b.Counts.Skipped, b.Counts.Pending, b.Title)
		}
		return w.Flush()
	})
}

type broadcastRef struct {
	ID string `arg:"" help:"The broadcast's id."`
}

func printBroadcast(out io.Writer, b *bot.BroadcastView, zone *time.Location) error {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	line := func(what, value string) {
		if value != "" {
			fmt.Fprintf(w, "%s\t%s\n", what, value)
		}
	}
	at := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(zone).Format("2006-01-02 15:04:05")
	}
	line("id", b.ID)
	line("title", b.Title)
	line("status", strings.TrimSpace(b.Status+" "+b.PausedFor))
	line("send at", at(b.SendAt))
	line("expires", at(b.Expires))
	line("begun", at(b.Begun))
	line("ended", at(b.Ended))
	if !b.HeldUntil.IsZero() {
		line("held back", fmt.Sprintf("until %s (%s)", at(b.HeldUntil), b.HeldFor))
	}
	if !b.AsideUntil.IsZero() {
		line("set aside", fmt.Sprintf("those pending had many messages lately; the next is tried at %s", at(b.AsideUntil)))
	}
	if b.Network != nil {
		line("waits", networkWait(b.Network.Name, b.Network.Down, at(b.Network.Until)))
	}
	n := b.Counts
	line("recipients", fmt.Sprintf("%d: %d sent, %d failed, %d skipped, %d pending", n.Total, n.Sent, n.Failed, n.Skipped, n.Pending))
	if n.Repeated > 0 {
		line("", fmt.Sprintf("%d possibly sent more than once", n.Repeated))
	}
	printReasons(w, "skipped", b.SkippedByReason)
	printReasons(w, "failed", b.FailedByReason)
	for _, a := range b.Answers {
		line("answer", fmt.Sprintf("%s: %d", a.Label.VI, a.Pressed))
	}
	return w.Flush()
}

// printReasons prints counts by reason, the largest first.
func printReasons[K ~string](w io.Writer, what string, by map[K]int) {
	keys := slices.SortedFunc(maps.Keys(by), func(a, b K) int { return cmp.Or(cmp.Compare(by[b], by[a]), cmp.Compare(a, b)) })
	for _, why := range keys {
		if by[why] > 0 {
			fmt.Fprintf(w, "%s\t%d %s\n", what, by[why], why)
		}
	}
}

type broadcastFile struct {
	File string `arg:"" help:"A JSON file as POST /api/v1/broadcasts takes it." type:"existingfile"`
}

// read reads the file as it will be sent.
func (f *broadcastFile) read(env *environment) (json.RawMessage, error) {
	raw, err := env.readFile(f.File)
	if err != nil {
		return nil, err
	}
	return readJSON(f.File, raw, "it must look like the body of POST /api/v1/broadcasts")
}

type broadcastCreateCmd struct{ broadcastFile }

// Run makes the broadcast.
func (c *broadcastCreateCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return withClient(ctx, env, all, func(cl *client, _ *time.Location) error {
		raw, err := c.read(env)
		if err != nil {
			return err
		}
		var made bot.BroadcastView
		if err := cl.call(ctx, "/broadcasts", nil, raw, &made); err != nil {
			return err
		}
		fmt.Fprintln(env.out, made.ID)
		cl.noteUnsent(env, &made)
		return nil
	})
}

type broadcastPreviewCmd struct{ broadcastFile }

// Run says who would get it.
func (c *broadcastPreviewCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return withClient(ctx, env, all, func(cl *client, zone *time.Location) error {
		raw, err := c.read(env)
		if err != nil {
			return err
		}
		var p bot.BroadcastPreview
		if err := cl.call(ctx, "/broadcasts/preview", nil, raw, &p); err != nil {
			return err
		}
		w := tabwriter.NewWriter(env.out, 0, 4, 2, ' ', 0)
		fmt.Fprintf(w, "recipients\t%d (%d contacts are outside the segment)\n", p.Recipients, p.Outside)
		fmt.Fprintf(w, "at once\t%d\n", p.Now)
		printReasons(w, "later", p.Later)
		printReasons(w, "never", p.Skipped)
		printReasons(w, "by channel", p.Channels)
		printReasons(w, "by language", p.Languages)
		if !p.Until.IsZero() {
			fmt.Fprintf(w, "held back\tuntil %s\n", p.Until.In(zone).Format("2006-01-02 15:04"))
		}
		if err := w.Flush(); err != nil {
			return err
		}
		_, err = fmt.Fprintf(env.out, "\n%s\n", p.Message.VI)
		return err
	})
}

type broadcastTestCmd struct {
	broadcastRef
	Contact string `required:"" help:"Whom to: a contact's id, or an address such as telegram:42."`
}

// Run sends the message to one contact.
func (c *broadcastTestCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return withClient(ctx, env, all, func(cl *client, _ *time.Location) error {
		return cl.call(ctx, "/broadcasts/"+url.PathEscape(c.ID)+"/test", nil, bot.TestRequest{Contact: c.Contact}, nil)
	})
}

type broadcastRewordCmd struct {
	broadcastRef
	Title  string `help:"The new title, for the staff."`
	Text   string `help:"The new words in Vietnamese." placeholder:"WORDS"`
	TextEN string `name:"text-en" help:"The new words in English." placeholder:"WORDS"`
}

// Run changes what is given, leaves the rest as it was and prints what the
// broadcast says now.
func (c *broadcastRewordCmd) Run(ctx context.Context, env *environment, all *cli) error {
	if c.Title == "" && c.Text == "" && c.TextEN == "" {
		return usageError{errors.New("give --title, --text or --text-en")}
	}
	return withClient(ctx, env, all, func(cl *client, _ *time.Location) error {
		req := bot.RewordRequest{Title: c.Title, Text: dialogs.Text{VI: c.Text, EN: c.TextEN}}
		var b bot.BroadcastView
		if err := cl.call(ctx, "/broadcasts/"+url.PathEscape(c.ID)+"/reword", nil, req, &b); err != nil {
			return err
		}
		fmt.Fprintf(env.out, "%s %s: %s\n\n%s\n", b.ID, b.Status, b.Title, b.Text.VI)
		if b.Text.EN != "" {
			fmt.Fprintf(env.out, "\n%s\n", b.Text.EN)
		}
		return nil
	})
}

type broadcastPauseCmd struct{ broadcastRef }
type broadcastResumeCmd struct{ broadcastRef }
type broadcastCancelCmd struct{ broadcastRef }

// Run pauses the broadcast.
func (c *broadcastPauseCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return c.change(ctx, env, all, "pause")
}

// Run resumes the broadcast.
func (c *broadcastResumeCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return c.change(ctx, env, all, "resume")
}

// Run cancels the broadcast.
func (c *broadcastCancelCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return c.change(ctx, env, all, "cancel")
}

// change asks for one thing to be done and prints how the broadcast stands.
func (c *broadcastRef) change(ctx context.Context, env *environment, all *cli, what string) error {
	return withClient(ctx, env, all, func(cl *client, _ *time.Location) error {
		var b bot.BroadcastView
		if err := cl.call(ctx, "/broadcasts/"+url.PathEscape(c.ID)+"/"+what, nil, struct{}{}, &b); err != nil {
			return err
		}
		fmt.Fprintf(env.out, "%s %s: %d sent, %d pending\n", b.ID, b.Status, b.Counts.Sent, b.Counts.Pending)
		cl.noteUnsent(env, &b)
		return nil
	})
}

// noteUnsent says beside the result that a broadcast waits for a server, which
// nobody would see from its status.
func (c *client) noteUnsent(env *environment, b *bot.BroadcastView) {
	if c.alone && under(b) && b.Status != "paused" {
		fmt.Fprintln(env.err, "sachhon: no server runs on this data folder; it is sent once `sachhon serve` runs")
	}
}
