package telegram

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"sachhon/dialogs"
)

// WebhookPath is where [Telegram.Webhook] has to be mounted, below
// Options.PublicURL.
const WebhookPath = "/webhook/telegram"

// webhookConnections is how many updates Telegram may deliver at once: its
// default, named so that it is known.
const webhookConnections = 40

var errNoPublicURL = errors.New("a webhook needs the public address of this program; set SACHHON_PUBLIC_URL or switch SACHHON_TELEGRAM_WEBHOOK off")

// Setup brings Telegram's settings of the bot into line with Options: the
// webhook or its absence, the menu, the descriptions. It reads what is there
// and changes only what differs, and waits as long as Telegram asks to.
// [Telegram.Poll] does this by itself.
func (t *Telegram) Setup(ctx context.Context) error {
	if err := t.connect(ctx); err != nil {
		return err
	}
	return t.dressUp(ctx)
}

// connect makes sure of the token and of the way by which updates come.
func (t *Telegram) connect(ctx context.Context) error {
	if _, err := t.getMe(ctx); err != nil {
		return err
	}
	var is webhookInfo
	if err := t.get(ctx, "getWebhookInfo", nil, &is); err != nil {
		return err
	}
	if !t.opts.Webhook {
		return t.removeWebhook(ctx, &is)
	}
	if is.LastError != "" {
		t.log.Warn("Telegram had trouble with the webhook", "error", t.client.hide(is.LastError), "waiting", is.Pending)
	}
	return t.setWebhook(ctx, &is)
}

type webhookInfo struct {
	URL         string   `json:"url"`
	Connections int      `json:"max_connections"`
	Allowed     []string `json:"allowed_updates"`
	Pending     int      `json:"pending_update_count"`
	LastError   string   `json:"last_error_message"`
}

// get asks for something and reads it.
func (t *Telegram) get(ctx context.Context, method string, params tgbotapi.Params, into any) error {
	raw, err := t.client.patient(ctx, method, params)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return &wireError{method: method, sent: true, err: fmt.Errorf("read answer: %w", err)}
	}
	return nil
}

// getMe learns the bot's name.
func (t *Telegram) getMe(ctx context.Context) (string, error) {
	var me tgbotapi.User
	if err := t.get(ctx, "getMe", nil, &me); err != nil {
		return "", err
	}
	t.setUsername(me.UserName)
	return me.UserName, nil
}

func (t *Telegram) removeWebhook(ctx context.Context, is *webhookInfo) error {
	if is.URL == "" {
		return nil
	}
	if _, err := t.client.patient(ctx, "deleteWebhook", nil); err != nil {
		return err
	}
	t.log.Info("webhook removed, updates are fetched")
	return t.notes.PutNote(ctx, noteWebhook, "")
}

func (t *Telegram) setWebhook(ctx context.Context, is *webhookInfo) error {
	if t.opts.PublicURL == nil {
		return errNoPublicURL
	}
	url := strings.TrimRight(t.opts.PublicURL.String(), "/") + WebhookPath
	hash := t.webhookHash(url)
	noted, err := t.notes.Note(ctx, noteWebhook)
	if err != nil {
		return fmt.Errorf("read the note of the webhook: %w", err)
	}
	if noted == hash && is.URL == url && is.Connections == webhookConnections && sameSet(is.Allowed, allowedUpdates) {
		return nil
	}
	params := tgbotapi.Params{"url": url, "secret_token": t.webhookSecret(), "max_connections": strconv.Itoa(webhookConnections)}
	if err := params.AddInterface("allowed_updates", allowedUpdates); err != nil {
		return fmt.Errorf("write the webhook: %w", err)
	}
	if _, err := t.client.patient(ctx, "setWebhook", params); err != nil {
		return err
	}
	t.log.Info("webhook set", "url", url)
	return t.notes.PutNote(ctx, noteWebhook, hash)
}

func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// webhookSecret is what Telegram shows at the webhook to prove that it is
// Telegram. It follows from the token, so that it is kept nowhere.
func (t *Telegram) webhookSecret() string {
	return base64.RawURLEncoding.EncodeToString(derive(t.opts.Token, "webhook"))
}

// webhookHash tells whether what was set is what would be set: Telegram shows
// all of it but the secret.
func (t *Telegram) webhookHash(url string) string {
	mac := hmac.New(sha256.New, derive(t.opts.Token, "webhook set"))
	fmt.Fprintln(mac, url, webhookConnections, allowedUpdates) // a hash takes everything
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// dressUp sets what people see of the bot before they talk with it. The one
// without a language is what everybody sees who reads no English.
func (t *Telegram) dressUp(ctx context.Context) error {
	var errs []error
	for _, lang := range []dialogs.Lang{dialogs.Vietnamese, dialogs.English} {
		code := string(lang)
		if lang == dialogs.Vietnamese {
			code = ""
		}
		errs = append(errs,
			t.setCommands(ctx, code, lang),
			t.setText(ctx, "MyDescription", "description", code, t.opts.Description.In(lang)),
			t.setText(ctx, "MyShortDescription", "short_description", code, t.opts.Short.In(lang)))
	}
	return errors.Join(errs...)
}

// privateChats is where the menu is shown: nothing of it works in a group.
const privateChats = `{"type":"all_private_chats"}`

func (t *Telegram) setCommands(ctx context.Context, code string, lang dialogs.Lang) error {
	if t.opts.Commands == nil {
		return nil
	}
	var want, is []tgbotapi.BotCommand
	for _, c := range t.opts.Commands[lang] {
		want = append(want, tgbotapi.BotCommand{Command: c.Name, Description: c.About})
	}
	params := tgbotapi.Params{"scope": privateChats}
	params.AddNonEmpty("language_code", code)
	if err := t.get(ctx, "getMyCommands", params, &is); err != nil || slices.Equal(is, want) {
		return err
	}
	if err := params.AddInterface("commands", want); err != nil {
		return fmt.Errorf("write the menu: %w", err)
	}
	_, err := t.client.patient(ctx, "setMyCommands", params)
	return err
}

// setText sets a text that has a get… and a set… of its own.
func (t *Telegram) setText(ctx context.Context, name, field, code, want string) error {
	if want == "" {
		return nil
	}
	params := tgbotapi.Params{}
	params.AddNonEmpty("language_code", code)
	var is map[string]string
	if err := t.get(ctx, "get"+name, params, &is); err != nil || is[field] == want {
		return err
	}
	params[field] = want
	_, err := t.client.patient(ctx, "set"+name, params)
	return err
}
