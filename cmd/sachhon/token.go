package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"sachhon/bot"
	"sachhon/bot/desk"
)

type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"Make a token for a program that uses the API; prints it, this once."`
	List   tokenListCmd   `cmd:"" help:"List tokens with their roles and when they were used last."`
	Revoke tokenRevokeCmd `cmd:"" help:"Make a token open nothing from now on."`
}

type tokenCreateCmd struct {
	Name string `required:"" help:"What the token is for, such as the program that uses it."`
	Role string `required:"" enum:"admin,officer,viewer" help:"viewer reads, officer writes too and hands out all that is kept of a person, admin deletes too."`
}

// Run makes the token and prints it alone.
func (c *tokenCreateCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return withClient(ctx, env, all, func(cl *client, _ *time.Location) error {
		var made bot.MadeToken
		if err := cl.call(ctx, "/tokens", nil, bot.TokenRequest{Name: c.Name, Role: c.Role}, &made); err != nil {
			return err
		}
		fmt.Fprintln(env.out, made.Secret)
		return nil
	})
}

type tokenListCmd struct{}

// Run lists the tokens as a table.
func (tokenListCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return withClient(ctx, env, all, func(cl *client, zone *time.Location) error {
		var list []desk.Token
		if err := cl.call(ctx, "/tokens", nil, nil, &list); err != nil {
			return err
		}
		when := func(t time.Time, never string) string {
			if t.IsZero() {
				return never
			}
			return t.In(zone).Format("2006-01-02 15:04")
		}
		w := tabwriter.NewWriter(env.out, 0, 4, 2, ' ', 0)
		fmt.Fprintln(w, "NAME\tROLE\tCREATED\tUSED\tREVOKED")
		for _, t := range list {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", t.Name, t.Role, when(t.Created, ""), when(t.Used, "never"), when(t.Revoked, ""))
		}
		return w.Flush()
	})
}

type tokenRevokeCmd struct {
	Name string `arg:"" help:"The token's name."`
}

// Run revokes the token.
func (c *tokenRevokeCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return withClient(ctx, env, all, func(cl *client, _ *time.Location) error {
		return cl.call(ctx, "/tokens/revoke", nil, bot.TokenRequest{Name: c.Name}, nil)
	})
}
