package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"

	"sachhon/bot"
	"sachhon/content"
)

type checkCmd struct {
	Dir   string `arg:"" optional:"" help:"A content folder; none: the embedded content, or SACHHON_CONTENT." type:"path"`
	Store bool   `help:"Check the store of the data folder instead: every index has its row and the other way round."`
}

// Run prints every problem; errors make it fail.
func (c *checkCmd) Run(ctx context.Context, env *environment, all *cli) error {
	if c.Store {
		return c.checkStore(ctx, env, all)
	}
	files, err := contentFiles(env, all, c.Dir)
	if err != nil {
		return err
	}
	errs := 0
	problems := content.Check(files)
	for _, p := range problems {
		fmt.Fprintln(env.out, p)
		if p.Severity == content.Error {
			errs++
		}
	}
	if errs > 0 {
		return fmt.Errorf("%d errors, %d warnings", errs, len(problems)-errs)
	}
	fmt.Fprintf(env.out, "no errors, %d warnings\n", len(problems))
	return nil
}

// contentFiles is the folder named, or that of the settings, or what is embedded.
func contentFiles(env *environment, all *cli, dir string) (fs.FS, error) {
	if dir == "" {
		cfg, err := all.settings(env, nil)
		if err != nil {
			return nil, err
		}
		dir = cfg.Content
	}
	if dir == "" {
		return content.Embedded(), nil
	}
	if st, err := os.Stat(dir); err != nil || !st.IsDir() {
		return nil, fmt.Errorf("%s is no folder; name one that holds content, see `sachhon content export`", dir)
	}
	return os.DirFS(dir), nil
}

func (c *checkCmd) checkStore(ctx context.Context, env *environment, all *cli) error {
	cfg, err := all.settings(env, nil)
	if err != nil {
		return err
	}
	cl, err := connect(ctx, env, cfg)
	if err != nil {
		return err
	}
	defer cl.close() //nolint:errcheck // nothing was written
	var report bot.StoreReport
	if err := cl.call(ctx, "/check-store", nil, nil, &report); err != nil {
		return err
	}
	for _, p := range report.Problems {
		fmt.Fprintln(env.out, p)
	}
	if len(report.Problems) > 0 {
		return fmt.Errorf("%d problems in the store", len(report.Problems))
	}
	fmt.Fprintf(env.out, "the store is in order: %d rows\n", report.Rows)
	return nil
}
