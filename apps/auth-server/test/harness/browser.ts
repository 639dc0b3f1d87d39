export { createScriptedBrowser as createBrowser, formsOf, type Page } from '@alicerce/testing'
