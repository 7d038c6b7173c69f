package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"sachhon/bot"
	"sachhon/bot/desk"
)

type inboxCmd struct {
	List  inboxListCmd  `cmd:"" default:"1" help:"List open questions."`
	Reply inboxReplyCmd `cmd:"" help:"Answer a question; without TEXT the answer is read from standard input."`
}

type inboxListCmd struct{}

// Run lists what waits for an answer, the oldest first.
func (inboxListCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return withClient(ctx, env, all, func(cl *client, zone *time.Location) error {
		var open []desk.Question
		if err := cl.call(ctx, "/questions", nil, nil, &open); err != nil {
			return err
		}
		for _, q := range open {
			fmt.Fprintf(env.out, "%d  %s\n   %s\n", q.ID, q.Asked.In(zone).Format("2006-01-02 15:04"), strings.ReplaceAll(q.Text, "\n", "\n   "))
		}
		return nil
	})
}

type inboxReplyCmd struct {
	ID   uint64 `arg:"" help:"The question's number."`
	Text string `arg:"" optional:"" help:"The answer."`
}

// Run answers a question in the conversation that it came from.
func (c *inboxReplyCmd) Run(ctx context.Context, env *environment, all *cli) error {
	if c.Text == "" {
		raw, err := io.ReadAll(io.LimitReader(env.in, 64<<10))
		if err != nil {
			return fmt.Errorf("read answer: %w", err)
		}
		c.Text = string(raw)
	}
	if strings.TrimSpace(c.Text) == "" {
		return usageError{errors.New("the answer is empty; write it after the number or to standard input")}
	}
	return withClient(ctx, env, all, func(cl *client, _ *time.Location) error {
		return cl.call(ctx, "/questions/"+strconv.FormatUint(c.ID, 10)+"/reply", nil, bot.ReplyRequest{Text: c.Text}, nil)
	})
}
