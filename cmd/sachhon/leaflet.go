package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"time"

	"sachhon/bot"
)

type leafletCmd struct {
	List    leafletListCmd    `cmd:"" default:"1" help:"List the leaflets."`
	Print   leafletPrintCmd   `cmd:"" help:"A leaflet as PDF, with a QR code that opens the conversation and tells where it was handed out."`
	Sources leafletSourcesCmd `cmd:"" help:"Count the people that each print run or poster brought first."`
}

type leafletListCmd struct{}

// Run lists the leaflets.
func (leafletListCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return withClient(ctx, env, all, func(cl *client, _ *time.Location) error {
		var list []bot.LeafletView
		if err := cl.call(ctx, "/leaflets", nil, nil, &list); err != nil {
			return err
		}
		for _, l := range list {
			note := ""
			if !l.Reviewed {
				note = "  (not reviewed by an expert)"
			}
			fmt.Fprintf(env.out, "%s  %s%s\n", l.ID, l.Title, note)
		}
		return nil
	})
}

type leafletPrintCmd struct {
	ID     string `arg:"" help:"The leaflet, such as L3."`
	Lang   string `enum:"vi,en" default:"vi" help:"vi or en."`
	Paper  string `enum:"A4,A5,a4,a5" default:"A5" help:"A4 or A5."`
	Src    string `help:"Code of the print run or of where it is handed out; contacts that come by it carry the code." placeholder:"CODE"`
	Output string `short:"o" required:"" help:"The file to write." type:"path" placeholder:"FILE"`
}

// Run writes the PDF.
func (c *leafletPrintCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return withClient(ctx, env, all, func(cl *client, _ *time.Location) error {
		body, err := cl.open(ctx, "/leaflets/"+url.PathEscape(c.ID)+"/print", url.Values{"lang": {c.Lang}, "paper": {c.Paper}, "src": {c.Src}}, nil)
		if err != nil {
			return err
		}
		defer body.Close()
		f, err := os.Create(c.Output)
		if err != nil {
			return fmt.Errorf("print leaflet: %w", err)
		}
		_, err = io.Copy(f, body)
		return errors.Join(err, f.Close())
	})
}

type leafletSourcesCmd struct{}

// Run counts people by source.
func (leafletSourcesCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return withClient(ctx, env, all, func(cl *client, _ *time.Location) error {
		var list []bot.SourceView
		if err := cl.call(ctx, "/leaflets/sources", nil, nil, &list); err != nil {
			return err
		}
		for _, s := range list {
			fmt.Fprintf(env.out, "%s  %d\n", s.Code, s.Contacts)
		}
		return nil
	})
}
