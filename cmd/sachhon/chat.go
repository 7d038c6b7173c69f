package main

import (
	"context"
	"crypto/rand"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/term"

	"sachhon/bot"
	"sachhon/bot/channel"
	"sachhon/bot/channel/terminal"
	"sachhon/dialogs"
)

// chatCmd is a conversation in the terminal.
type chatCmd struct {
	JSON bool   `name:"json" help:"One JSON object a line in, one a line out."`
	As   string `default:"terminal:local" help:"The contact to speak as." placeholder:"KEY"`
	Lang string `enum:"vi,en," default:"" help:"Language of a newcomer: vi or en."`
}

// Run talks until the input ends.
func (c *chatCmd) Run(ctx context.Context, env *environment, all *cli) (err error) {
	cfg, err := all.settings(env, nil)
	if err != nil {
		return err
	}
	cl, err := connect(ctx, env, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cl.close()) }()
	talk := &conversation{client: cl, as: c.As, lang: dialogs.Lang(c.Lang), folder: filepath.Join(os.TempDir(), "sachhon")}
	if c.JSON {
		if err := terminal.TalkJSON(ctx, talk, env.in, env.out); err != nil && ctx.Err() == nil {
			return err
		}
		return nil
	}
	return terminal.Talk(ctx, talk, env.in, env.out, talkOptions(env, c.Lang))
}

// talkOptions fit the terminal that the program runs in.
func talkOptions(env *environment, lang string) terminal.Options {
	opts := terminal.Options{Lang: dialogs.Lang(lang), Width: 80}
	f, ok := env.out.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return opts
	}
	_, plain := env.lookup("NO_COLOR")
	opts.Colour, opts.Interactive = !plain, true
	if w, _, err := term.GetSize(int(f.Fd())); err == nil {
		opts.Width = w
	}
	return opts
}

// conversation is the bot as the terminal sees it, on the other side of the
// control routes.
type conversation struct {
	*client
	as     string
	lang   dialogs.Lang
	folder string // where files are saved to be looked at
}

// Say commits one thing the person did and returns what came of it.
func (c *conversation) Say(ctx context.Context, in dialogs.Input, label string, after uint64) (out []channel.Entry, err error) {
	err = c.call(ctx, "/chat/say", nil, bot.SayRequest{As: c.as, ID: rand.Text(), Lang: c.lang, Input: in, Label: label, After: after}, &out)
	return out, err
}

// News returns entries above after, waiting for one until ctx ends.
func (c *conversation) News(ctx context.Context, after uint64) (out []channel.Entry, err error) {
	for len(out) == 0 && err == nil && ctx.Err() == nil {
		err = c.call(ctx, "/chat/news", url.Values{"as": {c.as}, "after": {strconv.FormatUint(after, 10)}}, nil, &out)
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return out, err
}

// Last returns the end of the transcript.
func (c *conversation) Last(ctx context.Context, limit int) (out []channel.Entry, err error) {
	err = c.call(ctx, "/chat/last", url.Values{"as": {c.as}, "limit": {strconv.Itoa(limit)}}, nil, &out)
	return out, err
}

// Save writes a file that an entry carries where it can be opened.
func (c *conversation) Save(ctx context.Context, seq uint64, index int) (string, error) {
	q := url.Values{"as": {c.as}, "seq": {strconv.FormatUint(seq, 10)}, "index": {strconv.Itoa(index)}}
	var file bot.MediaFile
	if err := c.call(ctx, "/chat/media", q, nil, &file); err != nil {
		return "", err
	}
	if err := os.MkdirAll(c.folder, 0o700); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(c.folder, "*-"+filepath.Base(file.Name)) // the ending says what opens it
	if err != nil {
		return "", err
	}
	_, err = f.Write(file.Bytes)
	return f.Name(), errors.Join(err, f.Close())
}
