package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"time"

	"golang.org/x/term"
)

type exportCmd struct {
	What   string `arg:"" enum:"registrations,contacts,assessments,requests" help:"registrations, contacts, assessments (self-checks) or requests (for an expert's visit)."`
	Class  string `help:"Only registrations for this class." placeholder:"ID"`
	Format string `enum:"xlsx,csv,json" default:"xlsx" help:"xlsx, csv or json."`
	Output string `short:"o" help:"The file to write; csv and json go to standard output without it." type:"path" placeholder:"FILE"`
}

// Run writes the table.
func (c *exportCmd) Run(ctx context.Context, env *environment, all *cli) error {
	if f, ok := env.out.(*os.File); ok && c.Output == "" && c.Format == "xlsx" && term.IsTerminal(int(f.Fd())) {
		return usageError{errors.New("an xlsx file does not belong on the screen; name a file with -o FILE")}
	}
	if c.Class != "" && c.What != "registrations" {
		return usageError{errors.New("--class goes with registrations only; leave it out for all " + c.What)}
	}
	return withClient(ctx, env, all, func(cl *client, _ *time.Location) (err error) {
		body, err := cl.open(ctx, "/export/"+c.What, url.Values{"class": {c.Class}, "format": {c.Format}}, nil)
		if err != nil {
			return err
		}
		defer body.Close()
		out := env.out
		if c.Output != "" {
			f, err := os.OpenFile(c.Output, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) // personal data
			if err != nil {
				return fmt.Errorf("export: %w", err)
			}
			defer func() { err = errors.Join(err, f.Close()) }()
			out = f
		}
		_, err = io.Copy(out, body)
		return err
	})
}
