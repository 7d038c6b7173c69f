package chrometest

import (
	"context"
	"os"
	"os/exec"
	"testing"

	"github.com/chromedp/chromedp"
)

// Browser is a real browser without a window. It ends with its test.
type Browser struct{ ctx context.Context }

// Start starts a browser, or skips the test where there is none and in short
// mode; with SACHHON_BROWSER=required, a missing one is a failure.
func Start(t testing.TB) *Browser {
	t.Helper()
	path := found()
	switch {
	case path == "" && os.Getenv("SACHHON_BROWSER") == "required":
		t.Fatal("no browser found")
	case path == "" || testing.Short():
		t.Skip("needs a browser")
	}
	dir, err := os.MkdirTemp("", "chrometest") // t.TempDir fails on what Chrome writes while it ends
	if err != nil {
		t.Fatal(err)
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(dir),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("accept-lang", "vi-VN,vi"), chromedp.Flag("lang", "vi"))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(func() {
		cancel()
		stop()
		os.RemoveAll(dir) //nolint:errcheck // what is left is in a temporary folder
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start browser: %v", err)
	}
	return &Browser{ctx}
}

// found is the path of a browser; "" when there is none.
func found() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// Person opens a tab of somebody who was never here: with cookies of their own.
func (c *Browser) Person(t testing.TB) *Tab {
	t.Helper()
	return open(t, c.ctx, chromedp.WithNewBrowserContext())
}
