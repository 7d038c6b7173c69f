package telegramtest

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// The longest texts of a bot's profile, in characters.
const (
	maxCommands    = 100
	maxCommand     = 32
	maxCommandText = 256
	maxName        = 64
	maxAbout       = 512
	maxShortAbout  = 120
)

var (
	commandShape  = regexp.MustCompile(`^[a-z0-9_]+$`)
	languageShape = regexp.MustCompile(`^[a-z]{2}$`)
)

// Command is one entry of the bot's menu.
type Command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// profile is what the bot says of itself, by language.
type profile struct {
	commands           map[string][]Command // by scope and language
	names, about, line map[string]string
	menu               map[string]json.RawMessage // by chat; "": everywhere
}

func newProfile() profile {
	return profile{map[string][]Command{}, map[string]string{}, map[string]string{}, map[string]string{}, map[string]json.RawMessage{}}
}

// Commands are the bot's menu for a scope ("default", "all_private_chats", …)
// and a language; an empty language is for those that have none of their own.
func (s *Server) Commands(scope, lang string) []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.profile.commands[scope+" "+lang]
}

// scopeOf reads for whom commands are.
func scopeOf(r *request) (string, *apiError) {
	var scope struct {
		Type string      `json:"type"`
		Chat json.Number `json:"chat_id"`
		User json.Number `json:"user_id"`
	}
	if raw := r.get("scope"); raw != "" && json.Unmarshal([]byte(raw), &scope) != nil {
		return "", refused(400, "can't parse BotCommandScope: Object expected")
	}
	switch scope.Type {
	case "":
		scope.Type = "default"
	case "default", "all_private_chats", "all_group_chats", "all_chat_administrators":
	case "chat", "chat_administrators", "chat_member":
		scope.Type += "/" + scope.Chat.String() + "/" + scope.User.String()
	default:
		return "", refused(400, "can't parse BotCommandScope: Unsupported type specified")
	}
	lang, e := languageOf(r)
	return scope.Type + " " + lang, e
}

func languageOf(r *request) (string, *apiError) {
	lang := r.get("language_code")
	if lang != "" && !languageShape.MatchString(lang) {
		return "", refused(400, "invalid language code specified").rudely(fmt.Sprintf("%s: language code %q", r.method, lang))
	}
	return lang, nil
}

func (s *Server) setMyCommands(_ context.Context, r *request) (any, *apiError) {
	key, e := scopeOf(r)
	if e != nil {
		return nil, e
	}
	var list []Command
	if json.Unmarshal([]byte(r.get("commands")), &list) != nil {
		return nil, refused(400, "can't parse commands: expected an Array of BotCommand")
	}
	if len(list) > maxCommands {
		return nil, refused(400, "BOT_COMMANDS_TOO_MUCH").rudely(fmt.Sprintf("%s: %d commands, more than %d", r.method, len(list), maxCommands))
	}
	for i := range list {
		c := &list[i]
		c.Command = strings.TrimPrefix(strings.TrimSpace(c.Command), "/")
		c.Description = strings.TrimSpace(c.Description)
		if wrong := c.wrong(); wrong != "" {
			return nil, refused(400, wrong).rudely(fmt.Sprintf("%s: %q: %s", r.method, c.Command, wrong))
		}
	}
	s.profile.commands[key] = list
	return true, nil
}

// wrong says what Telegram refuses of a command; empty: nothing.
func (c Command) wrong() string {
	switch {
	case c.Command == "":
		return "command must be non-empty"
	case utf8.RuneCountInString(c.Command) > maxCommand:
		return "command length must not exceed 32"
	case !commandShape.MatchString(c.Command):
		return "BOT_COMMAND_INVALID"
	case c.Description == "":
		return "command description must be non-empty"
	case utf8.RuneCountInString(c.Description) > maxCommandText:
		return "command description length must not exceed 256"
	}
	return ""
}

func (s *Server) getMyCommands(_ context.Context, r *request) (any, *apiError) {
	key, e := scopeOf(r)
	if e != nil {
		return nil, e
	}
	return append([]Command{}, s.profile.commands[key]...), nil
}

func (s *Server) deleteMyCommands(_ context.Context, r *request) (any, *apiError) {
	key, e := scopeOf(r)
	if e != nil {
		return nil, e
	}
	delete(s.profile.commands, key)
	return true, nil
}

// describeSelf keeps a text of the profile in one language; an empty one is
// taken away.
func describeSelf(r *request, field string, most int, into map[string]string) (any, *apiError) {
	lang, e := languageOf(r)
	if e != nil {
		return nil, e
	}
	text := strings.TrimSpace(r.get(field))
	if n := utf8.RuneCountInString(text); n > most {
		return nil, refused(400, strings.ToUpper("bot_"+field)+"_TOO_LONG").rudely(fmt.Sprintf("%s: %d characters, more than %d", r.method, n, most))
	}
	if into[lang] = text; text == "" {
		delete(into, lang)
	}
	return true, nil
}

// selfIn is a text of the profile in a language, or else the one for all.
func selfIn(r *request, field string, from map[string]string, usual string) (any, *apiError) {
	lang, e := languageOf(r)
	if e != nil {
		return nil, e
	}
	text, ok := from[lang]
	if !ok {
		text, ok = from[""]
	}
	if !ok {
		text = usual
	}
	return map[string]string{field: text}, nil
}

func (s *Server) setMyName(_ context.Context, r *request) (any, *apiError) {
	return describeSelf(r, "name", maxName, s.profile.names)
}

func (s *Server) getMyName(_ context.Context, r *request) (any, *apiError) {
	return selfIn(r, "name", s.profile.names, s.bot.FirstName)
}

func (s *Server) setMyDescription(_ context.Context, r *request) (any, *apiError) {
	return describeSelf(r, "description", maxAbout, s.profile.about)
}

func (s *Server) getMyDescription(_ context.Context, r *request) (any, *apiError) {
	return selfIn(r, "description", s.profile.about, "")
}

func (s *Server) setMyShortDescription(_ context.Context, r *request) (any, *apiError) {
	return describeSelf(r, "short_description", maxShortAbout, s.profile.line)
}

func (s *Server) getMyShortDescription(_ context.Context, r *request) (any, *apiError) {
	return selfIn(r, "short_description", s.profile.line, "")
}

func (s *Server) setChatMenuButton(_ context.Context, r *request) (any, *apiError) {
	var button struct {
		Type string `json:"type"`
	}
	raw := r.get("menu_button")
	if raw == "" {
		raw = `{"type":"default"}`
	}
	if json.Unmarshal([]byte(raw), &button) != nil {
		return nil, refused(400, "can't parse menu button: Object expected")
	}
	if button.Type != "commands" && button.Type != "web_app" && button.Type != "default" {
		return nil, refused(400, "MenuButton has unsupported type")
	}
	s.profile.menu[r.get("chat_id")] = json.RawMessage(raw)
	return true, nil
}

func (s *Server) getChatMenuButton(_ context.Context, r *request) (any, *apiError) {
	if b, ok := s.profile.menu[r.get("chat_id")]; ok {
		return b, nil
	}
	if b, ok := s.profile.menu[""]; ok {
		return b, nil
	}
	return json.RawMessage(`{"type":"commands"}`), nil
}
