package telegram

import (
	"context"
	"crypto/subtle"
	"errors"
	"io"
	"net/http"

	"sachhon/bot/channel"
)

// maxUpdate is the largest update that is taken, in bytes. Telegram itself
// drops those above 512 KiB.
const maxUpdate = 1 << 20

// secretHeader is where Telegram shows the secret of the webhook.
const secretHeader = "X-Telegram-Bot-Api-Secret-Token"

// Webhook returns what takes updates at [WebhookPath]: 200 only once to kept
// them, 503 when it did not, so that Telegram brings them again. It refuses
// what does not come from Telegram (401), is too large (413) or is no update
// (400). Kinds of updates that are not known are taken and skipped: refused
// they would block all that come after them.
func (t *Telegram) Webhook(to channel.Receiver) http.Handler {
	secret := []byte(t.webhookSecret())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			http.Error(w, "only POST", http.StatusMethodNotAllowed)
			return
		}
		if subtle.ConstantTimeCompare([]byte(r.Header.Get(secretHeader)), secret) != 1 {
			http.Error(w, "not from Telegram", http.StatusUnauthorized)
			return
		}
		raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpdate))
		if err != nil {
			status := http.StatusBadRequest
			if tooMuch := new(http.MaxBytesError); errors.As(err, &tooMuch) {
				status = http.StatusRequestEntityTooLarge
			}
			http.Error(w, "not read", status)
			return
		}
		u, err := readUpdate(raw)
		if err != nil {
			http.Error(w, "not an update", http.StatusBadRequest)
			return
		}
		if err := t.hand(r.Context(), context.WithoutCancel(r.Context()), to, u); err != nil {
			t.log.Error("what arrived could not be kept, Telegram brings it again", "error", err)
			http.Error(w, "not kept", http.StatusServiceUnavailable)
		}
	})
}
