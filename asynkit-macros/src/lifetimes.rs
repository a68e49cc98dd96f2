//! Finds the lifetimes that are written in a type, or left out of it.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// The first `&` or lifetime that `is_guilty` of its name (without the tick; none for an `&` alone). Not in a function
/// type, and not one that a `for<'a>` declares: those mean something else.
pub(crate) fn first(ty: TokenStream, is_guilty: &dyn Fn(Option<&str>) -> bool) -> Option<TokenStream> {
    find(ty, is_guilty, &mut Vec::new())
}

fn find(
    ty: TokenStream,
    is_guilty: &dyn Fn(Option<&str>) -> bool,
    declared: &mut Vec<String>,
) -> Option<TokenStream> {
    let mut tokens = ty.into_iter().peekable();
    let (mut after_word, mut in_result, mut in_for) = (false, false, false);
    while let Some(token) = tokens.next() {
        let is_word = matches!(&token, TokenTree::Ident(_));
        match token {
            TokenTree::Ident(word) if word == "for" => {
                in_for = matches!(tokens.peek(), Some(TokenTree::Punct(punct)) if punct.as_char() == '<');
            }
            TokenTree::Punct(punct) if punct.as_char() == '-' => in_result = true,
            TokenTree::Punct(punct) if punct.as_char() == '>' => in_for = false,
            TokenTree::Punct(punct) if punct.as_char() == ',' => in_result = false,
            TokenTree::Punct(punct) if punct.as_char() == '&' && !in_result => {
                let named = matches!(tokens.peek(), Some(TokenTree::Punct(punct)) if punct.as_char() == '\'');
                if !named && is_guilty(None) {
                    return Some(punct.into_token_stream());
                }
            }
            TokenTree::Punct(punct) if punct.as_char() == '\'' => {
                let name = tokens.next_if(|next| matches!(next, TokenTree::Ident(_)));
                let text = name.as_ref().map(ToString::to_string).unwrap_or_default();
                if in_for {
                    declared.push(text);
                } else if !in_result && !declared.contains(&text) && is_guilty(Some(&text)) {
                    return Some(quote!(#punct #name));
                }
            }
            TokenTree::Group(group) if !after_word && !in_result => {
                if let Some(found) = find(group.stream(), is_guilty, declared) {
                    return Some(found);
                }
            }
            _ => {}
        }
        after_word = is_word;
    }
    None
}
