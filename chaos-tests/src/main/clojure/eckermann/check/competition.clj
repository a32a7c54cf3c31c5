(ns eckermann.check.competition
  "Both algorithms at once on a history; the first that knows wins. With Knossos on the class path it judges too, and all
  must agree."
  (:require [eckermann.check.linear :as linear]
            [eckermann.check.wgl :as wgl]))

(defn analysis
  "Judges calls against a model. Options: :time-limit in ms, :algorithm (:linear, :wgl or :competition, the default)."
  ([model calls] (analysis model calls {}))
  ([model calls {:keys [time-limit algorithm] :or {time-limit 60000 algorithm :competition}}]
   (let [end (+ (System/nanoTime) (* 1000000 time-limit))
         over (atom false)
         options {:stopped? #(or @over (> (System/nanoTime) end))}
         run (fn [check] (check model calls options))]
     (case algorithm
       :linear (run linear/check)
       :wgl (run wgl/check)
       :competition
       (let [winner (promise) left (atom 2)
             enter (fn [check]
                     (future
                       (let [result (try (run check)
                                         (catch Throwable t {:valid? :unknown :cause (str t)}))]
                         (when (or (not= :unknown (:valid? result)) (zero? (swap! left dec)))
                           (deliver winner result)))))]
         (enter wgl/check)
         (enter linear/check)
         (let [result @winner]
           (reset! over true)
           result))))))

(defn knossos
  "What Knossos says of the history of one key in Jepsen's form; nil when it is not on the class path."
  [history]
  (when-let [judge (try (requiring-resolve 'knossos.competition/analysis) (catch Exception _ nil))]
    (let [model ((requiring-resolve 'knossos.model/cas-register) 0)]
      (:valid? (judge model history)))))
