package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"sachhon/bot/channel/telegram/telegramtest"
)

// standInToken is the bot's token at the stand-in, which knows no other bot.
const standInToken = "100000001:demo"

// standIn is a Telegram of one's own machine with a page on which one plays a
// person.
type standIn struct {
	api  *telegramtest.Server
	page *http.Server
	url  string
}

// openStandIn starts it on free ports of host; the API itself is for this
// machine alone.
func openStandIn(ctx context.Context, host string) (*standIn, error) {
	s := &standIn{api: telegramtest.New(telegramtest.Options{Token: standInToken, Rate: telegramtest.RealRate()})}
	if _, err := s.api.Listen(ctx); err != nil {
		return nil, fmt.Errorf("start the stand-in for Telegram: %w", err)
	}
	ln, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		s.api.Close()
		return nil, fmt.Errorf("show the stand-in for Telegram: %w", err)
	}
	s.page = &http.Server{Handler: s.api.Page(), ReadHeaderTimeout: 5 * time.Second}
	s.url = ln.Addr().String()
	go s.page.Serve(ln) //nolint:errcheck // ends when closed
	return s, nil
}

// close ends it. Open pages are cut off.
func (s *standIn) close() {
	s.page.Close() //nolint:errcheck // nothing is left to lose
	s.api.Close()
}
