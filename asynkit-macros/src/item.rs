//! What an attribute sits on. Signatures and heads are parsed; bodies stay the tokens that they are, so that a syntax
//! error in one is reported once, by rustc, at its place, and completion works while the user types.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt};
use syn::{
    Attribute, ItemImpl, ItemTrait, Signature, Token, Visibility,
    parse::{Parse, ParseStream, Parser},
};

/// What an attribute sits on, by the keyword that says so.
pub(crate) enum Kind {
    Fn,
    Impl(Ident),
    Trait(Ident),
    Other(Option<Ident>),
}

/// The kind of an item, read without parsing it.
pub(crate) fn kind(item: &TokenStream) -> Kind {
    let mut first = None;
    let mut tokens = item.clone().into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            // An attribute: `#` and its brackets.
            TokenTree::Punct(punct) if punct.as_char() == '#' => drop(tokens.next()),
            // The restriction in `pub(crate)`, and the ABI.
            TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {}
            TokenTree::Literal(_) => {}
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => match kind(&group.stream()) {
                Kind::Other(None) => {}
                kind => return kind,
            },
            TokenTree::Ident(word) => match word.to_string().as_str() {
                "pub" | "crate" => {}
                "fn" => return Kind::Fn,
                "impl" => return Kind::Impl(word),
                "trait" => return Kind::Trait(word),
                "const" | "async" | "unsafe" | "safe" | "extern" | "default" | "auto" | "gen" => {
                    first.get_or_insert(word);
                }
                _ => return Kind::Other(first.or(Some(word))),
            },
            _ => return Kind::Other(first),
        }
    }
    Kind::Other(first)
}

/// A function: all of it parsed but its body.
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    pub(crate) body: Body,
}

/// What follows a signature.
pub(crate) enum Body {
    Block(Group),
    Missing(Token![;]),
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        Ok(Function { attrs, vis, sig: input.parse()?, body: input.parse()? })
    }
}

impl Parse for Body {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Token![;]) {
            return Ok(Body::Missing(input.parse()?));
        }
        match braced(input.fork().parse()?) {
            Some(body) => {
                input.parse::<TokenTree>()?;
                Ok(Body::Block(body))
            }
            None => Err(input.error("expected a function body in curly braces")),
        }
    }
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(&self.attrs);
        self.vis.to_tokens(tokens);
        self.sig.to_tokens(tokens);
        self.body.to_tokens(tokens);
    }
}

impl ToTokens for Body {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Body::Block(group) => group.to_tokens(tokens),
            Body::Missing(semicolon) => semicolon.to_tokens(tokens),
        }
    }
}

/// The braces; a `$body:block` comes in an invisible group around them.
fn braced(token: TokenTree) -> Option<Group> {
    match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group),
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            let mut content = group.stream().into_iter();
            let body = braced(content.next()?)?;
            content.next().is_none().then_some(body)
        }
        _ => None,
    }
}

/// An `impl` or a `trait`: the head parsed, the items split.
pub(crate) struct Block<Head> {
    /// The tokens in front of the braces.
    pub(crate) before: TokenStream,
    /// The same, parsed, with empty braces.
    pub(crate) head: Head,
    pub(crate) braces: Group,
    pub(crate) items: Vec<BlockItem>,
}

/// An item of an `impl` or a `trait`.
pub(crate) enum BlockItem {
    Function(Box<Function>),
    /// Anything else, as it is.
    Other(TokenStream),
}

pub(crate) type ImplBlock = Block<ItemImpl>;
pub(crate) type TraitBlock = Block<ItemTrait>;

impl<Head: Parse> Block<Head> {
    pub(crate) fn parse(item: TokenStream) -> syn::Result<Self> {
        let mut before: Vec<TokenTree> = ungroup(item).into_iter().collect();
        let braces = match before.pop() {
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => group,
            // Not an item that rustc would have passed on; the parser of the head says what is wrong with it.
            last => {
                return Err(syn::parse2::<Head>(before.into_iter().chain(last).collect())
                    .err()
                    .unwrap_or_else(unread));
            }
        };
        let before: TokenStream = before.into_iter().collect();
        let mut head = before.clone();
        let mut empty = Group::new(Delimiter::Brace, TokenStream::new());
        empty.set_span(braces.span());
        head.append(empty);
        Ok(Block { before, head: syn::parse2(head)?, items: block_items.parse2(braces.stream())?, braces })
    }

    /// The block as it was, with more items at its end.
    pub(crate) fn with(&self, more: TokenStream) -> TokenStream {
        let mut items = self.braces.stream();
        items.extend(more);
        let mut braces = Group::new(Delimiter::Brace, items);
        braces.set_span(self.braces.span());
        let mut block = self.before.clone();
        block.append(braces);
        block
    }

    pub(crate) fn functions(&self) -> impl Iterator<Item = &Function> {
        self.items.iter().filter_map(|item| match item {
            BlockItem::Function(function) => Some(&**function),
            BlockItem::Other(_) => None,
        })
    }
}

fn unread() -> syn::Error {
    syn::Error::new(proc_macro2::Span::call_site(), "expected a block in curly braces")
}

/// The content of the invisible group that a `$item:item` arrives in.
fn ungroup(item: TokenStream) -> TokenStream {
    let mut tokens = item.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::None => {
            ungroup(group.stream())
        }
        _ => item,
    }
}

fn block_items(input: ParseStream<'_>) -> syn::Result<Vec<BlockItem>> {
    let mut items = Vec::new();
    // Attributes of the block itself, `#![..]`, belong to no item.
    input.call(Attribute::parse_inner)?;
    while !input.is_empty() {
        let ahead = input.fork();
        let is_function = ahead.call(Attribute::parse_outer).is_ok()
            && ahead.parse::<Visibility>().is_ok()
            && ahead.parse::<Signature>().is_ok();
        items.push(if is_function {
            BlockItem::Function(Box::new(input.parse()?))
        } else {
            BlockItem::Other(other_item(input)?)
        });
    }
    Ok(items)
}

/// The tokens up to and with a semicolon, or up to braces that end an item (`macro! {..}`, a function in no form that
/// we read).
fn other_item(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut tokens = TokenStream::new();
    let mut assigned = false;
    while !input.is_empty() {
        let token: TokenTree = input.parse()?;
        let ends = match &token {
            TokenTree::Punct(punct) => {
                assigned |= punct.as_char() == '=';
                punct.as_char() == ';'
            }
            // In `const N: u8 = { 1 };` the semicolon is still to come.
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace && !assigned,
            _ => false,
        };
        tokens.append(token);
        if ends {
            break;
        }
    }
    Ok(tokens)
}
